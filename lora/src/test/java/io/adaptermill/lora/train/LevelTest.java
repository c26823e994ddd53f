package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.AdapterTrainer;
import io.adaptermill.lora.Assignment;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.compose.Hierarchy;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.source.BaseStorage;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A tenant below a cohort, by the recipe alone.
class LevelTest {
    private static final Digest NAME = Digest.of("cohort".getBytes(StandardCharsets.UTF_8));
    private static final Recipe ABOVE = new Recipe(3, 9, 1e-2, 4, 4, 64, 0.1, 0, 1.0, 0.1, 0.1, 0.2);
    private static final Recipe BELOW = new Recipe(4, 8, 1e-2, 4, 4, 64, 0.1, 0, 1.0, 0.1, 0.1, 0.2).withLevel(NAME);

    private final BaseModel base = BaseModel.open(Golden.path("tiny-bf16"), BaseStorage.AS_STORED, Precision.F32);
    private final Adapter cohort = adapter(base, Optional.empty(), Optional.empty(), examples("style"), ABOVE);

    @AfterEach
    void close() {
        base.close();
    }

    @Test
    void a_level_that_is_held_teaches_what_one_in_the_bases_weights_teaches() {
        // Given: preferences too, whose reference has the level
        List<Example> examples = new ArrayList<>(examples("answer"));
        examples.add(new Example.Preference(Prompt.ofUser("the 9"), "answer 9", "house 9"));
        List<Double> merged = new ArrayList<>();
        List<Double> held = new ArrayList<>();
        Recipe alone = new Recipe(4, 8, 1e-2, 4, 4, 64, 0.1, 0, 1.0, 0.1, 0.1, 0.2);
        Adapter own;
        try (BaseModel frozen = Hierarchy.bare().with(cohort).trainingBase(base)) {
            own = adapter(new AdapterTrainer(frozen)
                    .train(Optional.empty(), examples, alone, 2, (step, all, loss) -> merged.add(loss)));
        }

        // When
        Adapter served = adapter(new AdapterTrainer(base)
                .train(new Assignment(
                        Optional.empty(),
                        Optional.of(cohort),
                        examples,
                        BELOW,
                        2,
                        (step, all, loss) -> held.add(loss))));

        // Then
        assertThat(held).hasSameSizeAs(merged);
        for (int i = 0; i < held.size(); i++) {
            assertThat(held.get(i)).as("step " + (i + 1)).isCloseTo(merged.get(i), within(1e-4 * merged.get(i)));
        }
        assertThat(served.config().rank()).isEqualTo(7);
        Adapter expected = Hierarchy.bare().with(own).with(cohort).served();
        String path = served.modules().firstKey();
        assertThat(product(served, path)).containsExactly(product(expected, path), within(2e-4));
    }

    @Test
    void a_lineage_goes_on_below_another_level_than_it_began_under_or_below_none() {
        // Given
        Adapter other = adapter(base, Optional.empty(), Optional.empty(), examples("house"), ABOVE);
        Recipe alone = new Recipe(4, 8, 1e-2, 4, 4, 64, 0.1, 0, 1.0, 0.1, 0.1, 0.2);
        Adapter first = adapter(base, Optional.empty(), Optional.empty(), examples("answer"), alone);

        // When
        Adapter second = adapter(base, Optional.of(first), Optional.of(cohort), examples("answer"), BELOW);
        Adapter third = adapter(base, Optional.of(second), Optional.of(other), examples("answer"), BELOW);
        Adapter fourth = adapter(base, Optional.of(third), Optional.empty(), examples("answer"), alone);

        // Then: what is above is that level to the bit, what is below goes on with its moments
        for (String path : first.modules().keySet()) {
            assertThat(above(third, path)).isEqualTo(lowRank(other, path).a().values());
            assertThat(above(second, path)).isEqualTo(lowRank(cohort, path).a().values());
        }
        assertThat(fourth.config()).isEqualTo(first.config());
        assertThat(fourth.optimizer().orElseThrow().step()).isEqualTo(16);
    }

    static Stream<Variant> below() {
        return Variant.EACH.stream()
                .filter(variant -> Support.refusal(BELOW.withVariant(variant)).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("below")
    void a_lineage_of_any_variant_that_may_lie_below_a_level_goes_on(Variant variant) {
        // Given
        Recipe recipe = BELOW.withVariant(variant);
        Adapter first = adapter(base, Optional.empty(), Optional.of(cohort), examples("answer"), recipe);

        // When
        Adapter second = adapter(base, Optional.of(first), Optional.of(cohort), examples("answer"), recipe);

        // Then: the level's three ranks are the last ones, whatever ranks of the tenant's own are left
        assertThat(second.optimizer().orElseThrow().step()).isEqualTo(8);
        for (String path : second.modules().keySet()) {
            float[] level = lowRank(cohort, path).a().values();
            float[] all = lowRank(second, path).a().values();
            assertThat(Arrays.copyOfRange(all, all.length - level.length, all.length))
                    .isEqualTo(level);
        }
    }

    @Test
    void a_level_that_cannot_lie_above_is_refused_before_the_first_step() {
        // Given
        Recipe half = new Recipe(256, 8, 1e-2, 1, 4, 64, 0.1, 0, 1.0, 0.1, 0.1, 0.2);
        Adapter middle = adapter(base, Optional.empty(), Optional.of(cohort), examples("style"), half.withLevel(NAME));

        // When, Then
        assertThat(reason(middle, half.withLevel(NAME)).orElseThrow())
                .contains("with its level the adapter would have rank 515, more than 512");
        assertThat(reason(cohort, BELOW.withVariant(new Variant.Dora())).orElseThrow())
                .contains("level with Dora");
        assertThatThrownBy(() -> new Assignment(Optional.empty(), examples("style"), BELOW, 1, (step, all, loss) -> {}))
                .hasMessageContaining("the adapter of a recipe's level must be given")
                .hasMessageContaining(NAME.value());
    }

    private Optional<String> reason(Adapter level, Recipe recipe) {
        TrainingOutcome outcome = new AdapterTrainer(base)
                .train(new Assignment(
                        Optional.empty(), Optional.of(level), examples("answer"), recipe, 1, (step, all, loss) -> {}));
        return outcome instanceof TrainingOutcome.Failed(int step, String reason)
                ? Optional.of(reason)
                : Optional.empty();
    }

    private static Adapter adapter(
            BaseModel base, Optional<Adapter> parent, Optional<Adapter> level, List<Example> examples, Recipe recipe) {
        return adapter(new AdapterTrainer(base)
                .train(new Assignment(parent, level, examples, recipe, 1, (step, all, loss) -> {})));
    }

    private static Adapter adapter(TrainingOutcome outcome) {
        assertThat(outcome).isInstanceOf(TrainingOutcome.Trained.class);
        return ((TrainingOutcome.Trained) outcome).adapter();
    }

    private static LowRank lowRank(Adapter adapter, String path) {
        return Objects.requireNonNull(adapter.modules().get(path));
    }

    /// A of what is held behind the tenant's own four ranks.
    private static float[] above(Adapter adapter, String path) {
        float[] a = lowRank(adapter, path).a().values();
        return Arrays.copyOfRange(a, 4 * lowRank(adapter, path).in(), a.length);
    }

    private static double[] product(Adapter adapter, String path) {
        LowRank module = lowRank(adapter, path);
        double[] product = new double[module.out() * module.in()];
        for (int o = 0; o < module.out(); o++) {
            for (int c = 0; c < module.rank(); c++) {
                double left = adapter.config().scale(path) * module.b().values()[o * module.rank() + c];
                for (int i = 0; i < module.in(); i++) {
                    product[o * module.in() + i] += left * module.a().values()[c * module.in() + i];
                }
            }
        }
        return product;
    }

    private static List<Example> examples(String word) {
        return IntStream.range(0, 4)
                .mapToObj(i -> (Example)
                        new Example.Demonstration(Prompt.ofUser("the " + i), word + " " + word + " " + i + " " + word))
                .toList();
    }
}
