package io.adaptermill.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TenantsTest {
    @Test
    void no_two_keys_are_the_same() {
        // When
        String first = Tenants.newKey();
        String second = Tenants.newKey();

        // Then
        assertThat(first).startsWith("amk_").isNotEqualTo(second);
    }
}
