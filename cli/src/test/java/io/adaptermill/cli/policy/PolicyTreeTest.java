package io.adaptermill.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.policy.Approval;
import io.adaptermill.schemas.policy.Continual;
import io.adaptermill.schemas.policy.Losses;
import io.adaptermill.schemas.policy.Practice;
import io.adaptermill.schemas.policy.Ranks;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyTreeTest {
    private static final TenantPolicy POLICY = TenantPolicy.withDefaults(List.of());

    @Test
    void a_field_is_changed_by_its_path_and_the_rest_stays() {
        // When
        TenantPolicy changed = PolicyTree.with(POLICY, Map.of("batch.ageMax", "PT20S", "recipe.learningRate", "0.003"));

        // Then
        assertThat(changed.batch().ageMax()).isEqualTo(Duration.ofSeconds(20));
        assertThat(changed.recipe()).isEqualTo(POLICY.recipe().withLearningRate(0.003));
        assertThat(changed.gate()).isEqualTo(POLICY.gate());
    }

    @Test
    void promotions_are_made_to_wait_for_a_person_and_freed_again() {
        // When
        TenantPolicy asking = PolicyTree.with(POLICY, Map.of("gate.approval", "person"));
        TenantPolicy free = PolicyTree.with(asking, Map.of("gate.approval", "automatic"));

        // Then
        assertThat(asking.gate().approval()).contains(Approval.PERSON);
        assertThat(free).isEqualTo(POLICY);
    }

    @Test
    void a_field_that_is_not_there_is_answered_with_those_that_are() {
        // When / Then
        assertThatThrownBy(() -> PolicyTree.with(POLICY, Map.of("batch.agemax", "PT20S")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"agemax\"")
                .hasMessageContaining("ageMax");
    }

    @Test
    void a_value_out_of_range_is_refused_with_the_limit() {
        // When / Then
        assertThatThrownBy(() -> PolicyTree.with(POLICY, Map.of("recipe.rank", "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rank must be in [1, 256], was 0");
    }

    @Test
    void a_part_that_was_absent_is_set_by_path_with_its_other_fields_at_their_defaults() {
        // When
        TenantPolicy changed = PolicyTree.with(
                POLICY,
                Map.of(
                        "recipe.variant.targetRank", "3",
                        "recipe.variant.kind", "adalora",
                        "recipe.practice.checkpointing", "true",
                        "recipe.ranks.patterns", "[{\"modules\":\"q_proj\",\"rank\":2,\"alpha\":4}]",
                        "recipe.ranks.allocation.budget", "99",
                        "recipe.losses.ratingWeights.bad", "1.5",
                        "recipe.continual.kind", "replay"));

        // Then
        Recipe recipe = changed.recipe();
        assertThat(recipe.variant()).contains(new Variant.AdaLora(3, 0.1, 0.3, 0.85, 0.85, 0.5));
        assertThat(recipe.losses().flatMap(Losses::ratingWeights)).contains(new Losses.RatingWeights(1, 1.5));
        assertThat(recipe.practice().map(Practice::checkpointing)).contains(true);
        assertThat(recipe.ranks())
                .contains(new Ranks(
                        List.of(new Ranks.RankPattern("q_proj", 2, 4)),
                        Optional.of(new Ranks.Allocation(Ranks.Importance.GRADIENT_NORM, 99))));
        assertThat(recipe.continual()).contains(new Continual.Replay(0.25));
    }

    @Test
    void a_kind_set_again_keeps_its_fields_and_the_first_kind_takes_the_part_away() {
        // Given
        TenantPolicy sora =
                PolicyTree.with(POLICY, Map.of("recipe.variant.kind", "sora", "recipe.variant.gateDecay", "2"));

        // When
        TenantPolicy same = PolicyTree.with(sora, Map.of("recipe.variant.kind", "sora"));
        TenantPolicy plain = PolicyTree.with(sora, Map.of("recipe.variant.kind", "lora"));

        // Then
        assertThat(same.recipe().variant()).contains(new Variant.Sora(2));
        assertThat(plain).isEqualTo(POLICY);
    }

    @Test
    void a_kind_that_is_not_there_is_answered_with_those_that_are() {
        assertThatThrownBy(() -> PolicyTree.with(POLICY, Map.of("recipe.variant.kind", "nora")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kind must be one of")
                .hasMessageContaining("rslora");
    }
}
