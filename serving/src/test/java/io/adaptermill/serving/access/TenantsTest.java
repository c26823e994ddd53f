package io.adaptermill.serving.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TenantsTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final TenantId NOBODY = new TenantId("nobody");
    private static final Tenants TENANTS =
            Tenants.NONE.after(ACME, policy("acme-key")).after(GLOBEX, policy("globex-key"));

    static Stream<Arguments> decisions() {
        Optional<String> none = Optional.empty();
        Optional<TenantId> base = Optional.empty();
        return Stream.of(
                arguments(none, Optional.of(ACME), false, Access.Unknown.class),
                arguments(none, base, false, Access.Unknown.class),
                arguments(none, Optional.of(ACME), true, Access.Granted.class),
                arguments(none, base, true, Access.Granted.class),
                arguments(none, Optional.of(NOBODY), true, Access.NoSuchTenant.class),
                arguments(Optional.of("acme-key"), Optional.of(ACME), false, Access.Granted.class),
                arguments(Optional.of("acme-key"), base, false, Access.Granted.class),
                arguments(Optional.of("acme-key"), Optional.of(GLOBEX), false, Access.Forbidden.class),
                arguments(Optional.of("acme-key"), Optional.of(GLOBEX), true, Access.Forbidden.class),
                arguments(Optional.of("wrong"), Optional.of(ACME), false, Access.Unknown.class),
                arguments(Optional.of("wrong"), Optional.of(ACME), true, Access.Unknown.class));
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void a_key_opens_its_own_tenant_and_no_other(
            Optional<String> bearer, Optional<TenantId> owner, boolean open, Class<? extends Access> expected) {
        assertThat(TENANTS.decide(bearer, owner, open)).isInstanceOf(expected);
    }

    @Test
    void a_request_for_the_base_belongs_to_the_key_that_came_with_it() {
        assertThat(TENANTS.decide(Optional.of("acme-key"), Optional.empty(), false))
                .isEqualTo(new Access.Granted(Optional.of(ACME)));
    }

    @Test
    void a_new_policy_replaces_the_keys_and_a_removal_takes_them() {
        // When
        Tenants changed = TENANTS.after(ACME, policy("new-key")).after(GLOBEX, Optional.empty());

        // Then
        assertThat(changed.decide(Optional.of("acme-key"), Optional.of(ACME), false))
                .isInstanceOf(Access.Unknown.class);
        assertThat(changed.decide(Optional.of("new-key"), Optional.of(ACME), false))
                .isInstanceOf(Access.Granted.class);
        assertThat(changed.registered()).containsExactly(ACME);
    }

    private static Optional<TenantPolicy> policy(String key) {
        return Optional.of(TenantPolicy.withDefaults(List.of(Digest.of(key.getBytes(StandardCharsets.UTF_8)))));
    }
}
