package io.adaptermill.ingest.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");

    @Test
    void a_key_is_known_until_its_tenant_gives_it_up() {
        // Given
        Policies policies = new Policies();
        policies.put(ACME, withKeys("old", "kept"));
        policies.put(GLOBEX, withKeys("other"));

        // When
        policies.put(ACME, withKeys("kept", "new"));

        // Then
        assertThat(policies.ownerOf("old")).isEmpty();
        assertThat(policies.ownerOf("kept")).contains(ACME);
        assertThat(policies.ownerOf("new")).contains(ACME);
        assertThat(policies.ownerOf("other")).contains(GLOBEX);
    }

    @Test
    void a_removed_tenant_takes_its_own_keys_along_and_no_others() {
        // Given
        Policies policies = new Policies();
        policies.put(ACME, withKeys("moved"));
        policies.put(GLOBEX, withKeys("moved"));

        // When
        policies.remove(ACME);

        // Then
        assertThat(policies.of(ACME)).isEmpty();
        assertThat(policies.ownerOf("moved")).contains(GLOBEX);
    }

    @Test
    void every_change_is_seen_in_the_revision() {
        // Given
        Policies policies = new Policies();
        long before = policies.revision();

        // When
        policies.put(ACME, withKeys());
        long after = policies.revision();
        policies.remove(ACME);

        // Then
        assertThat(List.of(before, after, policies.revision())).doesNotHaveDuplicates();
    }

    private static TenantPolicy withKeys(String... keys) {
        return TenantPolicy.withDefaults(Stream.of(keys)
                .map(key -> Digest.of(key.getBytes(StandardCharsets.UTF_8)))
                .toList());
    }
}
