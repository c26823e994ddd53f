package io.adaptermill.lora.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.merge.Merge;
import io.adaptermill.artifacts.merge.MergeMethod;
import io.adaptermill.artifacts.merge.Weighted;
import io.adaptermill.lora.AdapterTrainer;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.Completion;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.Score;
import io.adaptermill.lora.Scorer;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.source.BaseStorage;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.policy.Recipe;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// On a tiny model of random weights: what composition promises does not depend on size.
class CompositionTest {
    private static final Recipe RECIPE = new Recipe(4, 8, 1e-2, 4, 4, 64, 0.1, 0, 1.0, 0.1, 0.1, 0.2);

    private final BaseModel base = BaseModel.open(Golden.path("tiny-bf16"), BaseStorage.AS_STORED, Precision.F32);

    @AfterEach
    void close() {
        base.close();
    }

    @Test
    void levels_trained_one_below_another_are_served_as_one_adapter_that_does_the_same() {
        // Given
        Adapter global = train(base, "house", 1);
        Hierarchy upper = Hierarchy.bare().with(global);
        Adapter cohort;
        double cohortAbove;
        try (BaseModel frozen = upper.trainingBase(base)) {
            cohort = train(frozen, "style", 2);
            cohortAbove = loss(frozen, Optional.of(cohort), "style");
        }
        Hierarchy middle = upper.with(cohort);
        Adapter tenant;
        double tenantAbove;
        try (BaseModel frozen = middle.trainingBase(base)) {
            tenant = train(frozen, "answer", 3);
            tenantAbove = loss(frozen, Optional.of(tenant), "answer");
        }

        // When
        Hierarchy whole = middle.with(tenant);

        // Then
        assertThat(whole.served().config().rank()).isEqualTo(12);
        assertThat(loss(base, Optional.of(middle.served()), "style")).isCloseTo(cohortAbove, within(1e-4));
        assertThat(loss(base, Optional.of(whole.served()), "answer")).isCloseTo(tenantAbove, within(1e-4));
        assertThat(tenantAbove).isLessThan(loss(base, Optional.of(middle.served()), "answer"));
        assertThat(loss(base, Optional.empty(), "answer")).isGreaterThan(tenantAbove + 0.1);
    }

    @Test
    void a_hierarchy_without_a_level_trains_and_serves_the_base() {
        assertThatThrownBy(() -> Hierarchy.bare().trainingBase(base)).hasMessageContaining("train on the base itself");
        assertThatThrownBy(() -> Hierarchy.bare().served()).hasMessageContaining("at least one adapter");
    }

    @Test
    void a_fusion_finds_the_adapter_that_helps_and_leaves_the_other_out() {
        // Given
        Adapter helpful = train(base, "house", 1);
        Adapter harmful = Merge.of(List.of(new Weighted(train(base, "style", 2), -3)), new MergeMethod.Concatenation());

        // When
        Fusion.Fused fused = Fusion.of(
                List.of(harmful, helpful),
                adapter -> loss(base, adapter, "house"),
                new GradientFree(40, 1.5, 0.05, 0.3, 5));

        // Then
        assertThat(fused.loss()).isLessThan(fused.lossOfBase() - 0.1);
        assertThat(fused.weights().get(1)).isGreaterThan(0.3);
        assertThat(Math.abs(fused.weights().get(0))).isLessThan(fused.weights().get(1));
        assertThat(loss(base, fused.adapter(), "house")).isEqualTo(fused.loss());
    }

    @Test
    void a_fusion_of_adapters_that_only_harm_is_the_base() {
        // Given
        Adapter adapter = train(base, "house", 1);

        // When
        Fusion.Fused fused =
                Fusion.of(List.of(adapter), any -> any.isEmpty() ? 1 : 2, new GradientFree(10, 1.5, 0.05, 0.3, 5));

        // Then
        assertThat(fused).isEqualTo(new Fusion.Fused(List.of(0.0), Optional.empty(), 1, 1));
    }

    private static Adapter train(BaseModel base, String word, long seed) {
        List<Example> examples = IntStream.range(0, 4)
                .mapToObj(i -> (Example) new Example.Demonstration(Prompt.ofUser("the " + i), answer(word, i)))
                .toList();
        TrainingOutcome outcome =
                new AdapterTrainer(base).train(Optional.empty(), examples, RECIPE, seed, (step, total, loss) -> {});
        assertThat(outcome).isInstanceOf(TrainingOutcome.Trained.class);
        return ((TrainingOutcome.Trained) outcome).adapter();
    }

    private static double loss(BaseModel base, Optional<Adapter> adapter, String word) {
        List<Completion> completions = IntStream.range(0, 4)
                .mapToObj(i -> new Completion(Prompt.ofUser("the " + i), answer(word, i)))
                .toList();
        return new Scorer(base)
                .score(adapter, completions).stream()
                        .mapToDouble(Score::natsPerToken)
                        .average()
                        .orElseThrow();
    }

    private static String answer(String word, int i) {
        return word + " " + word + " " + i + " " + word;
    }
}
