package io.adaptermill.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.schemas.event.TenantPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantsTest {
    private static final TenantPolicy POLICY = TenantPolicy.withDefaults(List.of());

    @Test
    void a_field_is_changed_by_its_path_and_the_rest_stays() {
        // When
        TenantPolicy changed = Tenants.with(POLICY, Map.of("batch.ageMax", "PT20S", "recipe.learningRate", "0.003"));

        // Then
        assertThat(changed.batch().ageMax()).isEqualTo(Duration.ofSeconds(20));
        assertThat(changed.recipe()).isEqualTo(POLICY.recipe().withLearningRate(0.003));
        assertThat(changed.gate()).isEqualTo(POLICY.gate());
    }

    @Test
    void a_field_that_is_not_there_is_answered_with_those_that_are() {
        // When / Then
        assertThatThrownBy(() -> Tenants.with(POLICY, Map.of("batch.agemax", "PT20S")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"agemax\"")
                .hasMessageContaining("ageMax");
    }

    @Test
    void a_value_out_of_range_is_refused_with_the_limit() {
        // When / Then
        assertThatThrownBy(() -> Tenants.with(POLICY, Map.of("recipe.rank", "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rank must be in [1, 256], was 0");
    }

    @Test
    void no_two_keys_are_the_same() {
        // When
        String first = Tenants.newKey();
        String second = Tenants.newKey();

        // Then
        assertThat(first).startsWith("amk_").isNotEqualTo(second);
    }
}
