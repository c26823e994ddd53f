package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.policy.Continual;
import io.adaptermill.schemas.policy.Losses;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import org.junit.jupiter.api.Test;

class SupportTest {
    @Test
    void a_recipe_of_defaults_is_carried_out() {
        assertThat(Support.refusal(Recipe.DEFAULT)).isEmpty();
    }

    @Test
    void more_rank_than_experts_may_have_together_is_refused_before_the_first_step() {
        // Given
        Recipe recipe = new Recipe(16, 32, 1e-4, 1, 8, 128, 0, 0.01, 1.0, 0.1, 0.1, 0.2);

        // When, Then
        assertThat(Support.refusal(recipe.withVariant(new Variant.Mixture(32, 2, 0.01))))
                .isEmpty();
        assertThat(Support.refusal(recipe.withVariant(new Variant.Mixture(33, 2, 0.01)))
                        .orElseThrow())
                .contains("variant Mixture[experts=33")
                .contains("take that out of the tenant's recipe");
    }

    @Test
    void ranks_that_differ_cannot_be_added_to_by_as_many_everywhere() {
        Recipe orthogonal = Recipe.DEFAULT.withContinual(new Continual.Olora(0.5));
        assertThat(Support.refusal(orthogonal)).isEmpty();
        assertThat(Support.refusal(orthogonal.withVariant(new Variant.RsLora())))
                .isEmpty();
        assertThat(Support.refusal(orthogonal.withVariant(new Variant.Eva(2))).orElseThrow())
                .contains("continual Olora");
    }

    @Test
    void a_weight_that_only_a_loss_not_chosen_would_use_is_no_reason_to_refuse() {
        assertThat(Support.refusal(Recipe.DEFAULT.withLosses(new Losses(0, Losses.Pairs.DPO, Losses.Ratings.KTO, 0.5))))
                .isEmpty();
    }
}
