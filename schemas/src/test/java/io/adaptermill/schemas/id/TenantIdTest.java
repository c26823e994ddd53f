package io.adaptermill.schemas.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"acme", "a", "north-shop", "0", "based", "base-2"})
    void lowercase_letters_digits_and_hyphens_name_a_tenant(String name) {
        assertThat(new TenantId(name).toString()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Acme", "-a", "a-", "a b", "größe", "a#1", "a@1"})
    void nothing_else_does(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TenantId(name))
                .withMessageStartingWith("tenant must be 1 to 63 lowercase letters, digits and hyphens");
    }

    @Test
    void the_name_of_the_bare_model_is_not_a_tenants() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VersionId.parse("base@1"))
                .withMessage("tenant must not be \"base\", which names the model without any adapter");
    }
}
