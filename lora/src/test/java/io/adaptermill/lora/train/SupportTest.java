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
    void a_part_that_is_not_carried_out_is_refused_by_name_before_the_first_step() {
        assertThat(Support.refusal(Recipe.DEFAULT.withVariant(new Variant.Mixture(4, 2, 0.01)))
                        .orElseThrow())
                .contains("variant Mixture[experts=4")
                .contains("take that out of the tenant's recipe");
    }

    @Test
    void ranks_that_differ_cannot_be_added_to_by_as_many_everywhere() {
        Recipe orthogonal = Recipe.DEFAULT.withContinual(new Continual.Olora(0.5));
        assertThat(Support.refusal(orthogonal)).isEmpty();
        assertThat(Support.refusal(orthogonal.withVariant(new Variant.Eva(2))).orElseThrow())
                .contains("continual Olora");
    }

    @Test
    void a_weight_that_only_a_loss_not_chosen_would_use_is_no_reason_to_refuse() {
        assertThat(Support.refusal(Recipe.DEFAULT.withLosses(new Losses(0, Losses.Pairs.DPO, Losses.Ratings.KTO, 0.5))))
                .isEmpty();
    }
}
