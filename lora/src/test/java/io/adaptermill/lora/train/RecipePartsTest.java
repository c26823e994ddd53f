package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.OptimizerState;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.policy.Continual;
import io.adaptermill.schemas.policy.Losses;
import io.adaptermill.schemas.policy.Practice;
import io.adaptermill.schemas.policy.Practice.Schedule;
import io.adaptermill.schemas.policy.Ranks;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What each part of a recipe does to a whole run.
class RecipePartsTest {
    private static final Recipe RECIPE = new Recipe(4, 8, 1e-2, 2, 8, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);
    private static final int NEVER = Practice.DEFAULT.pagedAboveMiB();

    private final Checkpoint checkpoint = TinyLlama.checkpoint();
    private final FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);

    @AfterEach
    void close() {
        base.close();
        checkpoint.close();
    }

    static List<Practice> sameBits() {
        return List.of(
                new Practice(Schedule.LINEAR_TO_TENTH, 0, 1, true, NEVER),
                new Practice(Schedule.LINEAR_TO_TENTH, 0, 1, false, 0),
                new Practice(Schedule.LINEAR_TO_TENTH, 0, 1, true, 0));
    }

    @ParameterizedTest
    @MethodSource("sameBits")
    void computing_again_and_paging_change_no_bit(Practice practice) {
        assertThat(trained(RECIPE.withPractice(practice))).isEqualTo(trained(RECIPE));
    }

    @Test
    void two_rounds_of_eight_are_one_step_of_sixteen_to_the_bit_where_pieces_end_alike() {
        // Given: 128 tokens each, so eight fill a piece
        List<Example> long16 = demonstrations(16, 200);
        Recipe sixteen = new Recipe(4, 8, 1e-2, 2, 16, 129, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);
        Recipe rounds = new Recipe(4, 8, 1e-2, 2, 8, 129, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2)
                .withPractice(new Practice(Schedule.LINEAR_TO_TENTH, 0, 2, false, NEVER));

        // Then
        assertThat(trained(Optional.empty(), long16, rounds)).isEqualTo(trained(Optional.empty(), long16, sixteen));
    }

    @Test
    void short_rounds_are_the_longer_step_but_for_the_order_of_additions() {
        // Given
        List<Example> examples = demonstrations(16, 20);
        Recipe sixteen = new Recipe(4, 8, 1e-3, 1, 16, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);
        Recipe rounds = new Recipe(4, 8, 1e-3, 1, 4, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2)
                .withPractice(new Practice(Schedule.LINEAR_TO_TENTH, 0, 4, false, NEVER));

        // When
        Adapter one = trained(Optional.empty(), examples, sixteen);
        Adapter four = trained(Optional.empty(), examples, rounds);

        // Then
        assertThat(moved(one, four)).isLessThan(1e-5);
        assertThat(steps(four)).isEqualTo(steps(one)).isEqualTo(1);
    }

    @Test
    void dropout_hides_something_else_each_step_and_the_same_in_each_run() {
        // Given
        Recipe dropping = RECIPE.withPractice(new Practice(Schedule.LINEAR_TO_TENTH, 0.2, 1, false, NEVER));
        Recipe again = RECIPE.withPractice(new Practice(Schedule.LINEAR_TO_TENTH, 0.2, 1, true, 0));

        // When
        Adapter dropped = trained(dropping);

        // Then
        assertThat(dropped).isNotEqualTo(trained(RECIPE));
        assertThat(trained(dropping)).isEqualTo(dropped);
        assertThat(trained(again)).isEqualTo(dropped);
    }

    @Test
    void a_schedule_changes_the_later_steps() {
        Adapter usual = trained(RECIPE);
        for (Schedule schedule : List.of(Schedule.CONSTANT, Schedule.LINEAR, Schedule.COSINE)) {
            assertThat(trained(RECIPE.withPractice(new Practice(schedule, 0, 1, false, NEVER))))
                    .isNotEqualTo(usual);
        }
    }

    @Test
    void each_loss_of_a_policy_trains_something_else() {
        List<Losses> choices = List.of(
                Losses.DEFAULT,
                new Losses(0.2, Losses.Pairs.DPO, Losses.Ratings.KTO, 0.1),
                new Losses(0, Losses.Pairs.ORPO, Losses.Ratings.KTO, 0.1),
                new Losses(0, Losses.Pairs.ORPO, Losses.Ratings.KTO, 0.5),
                new Losses(0, Losses.Pairs.DPO, Losses.Ratings.APO_ZERO, 0.1));

        assertThat(choices.stream().map(RECIPE::withLosses).map(this::trained).distinct())
                .hasSize(choices.size());
    }

    @Test
    void elastic_weights_measure_what_mattered_and_then_move_less() {
        // Given
        Recipe elastic = RECIPE.withContinual(new Continual.Ewc(1e4));
        Adapter parent = trained(Optional.empty(), demonstrations(8, 20), elastic);

        // When
        Adapter held = trained(Optional.of(parent), mixture(), elastic);
        Adapter free = trained(Optional.of(parent), mixture(), RECIPE);

        // Then
        assertThat(importance(parent)).isPositive();
        assertThat(importance(held)).isGreaterThan(importance(parent));
        assertThat(moved(parent, held)).isLessThan(0.9 * moved(parent, free));
        assertThat(importance(free)).isZero();
    }

    static List<Variant> heldByImportance() {
        return List.of(
                new Variant.RsLora(),
                new Variant.Eva(2),
                new Variant.Vera(7, 0.1),
                new Variant.Dora(),
                new Variant.Pissa(),
                new Variant.Sora(0.1),
                new Variant.AdaLora(2, 0.1, 0.3, 0.85, 0.85, 0.5));
    }

    @ParameterizedTest
    @MethodSource("heldByImportance")
    void what_a_variant_trains_is_measured_and_held_as_well(Variant variant) {
        // Given
        Recipe free = RECIPE.withVariant(variant);
        Recipe elastic = free.withContinual(new Continual.Ewc(1e4));
        Adapter parent = trained(Optional.empty(), demonstrations(8, 20), elastic);

        // When
        SortedMap<String, FloatTensor> held = parts("weights.", trained(Optional.of(parent), mixture(), elastic));
        SortedMap<String, FloatTensor> moved = parts("weights.", trained(Optional.of(parent), mixture(), free));

        // Then
        SortedMap<String, FloatTensor> before = parts("weights.", parent);
        assertThat(parts("importance.", parent).values().stream().mapToDouble(part -> sum(part.values())))
                .anyMatch(sum -> sum > 0)
                .allMatch(sum -> sum >= 0);
        assertThat(away(before, held)).isLessThan(0.97 * away(before, moved));
    }

    /// Of the form that training keeps, or of A and B themselves.
    private static SortedMap<String, FloatTensor> parts(String prefix, Adapter adapter) {
        SortedMap<String, FloatTensor> parts = new TreeMap<>();
        OptimizerState state = adapter.optimizer().orElseThrow();
        state.form()
                .ifPresent(form -> form.tensors().forEach((name, tensor) -> {
                    if (name.startsWith(prefix)) parts.put(name, tensor);
                }));
        if (state.form().isPresent()) return parts;
        (prefix.equals("weights.") ? adapter.modules() : state.importance()).forEach((path, module) -> {
            parts.put(path + ".A", module.a());
            parts.put(path + ".B", module.b());
        });
        return parts;
    }

    private static double away(SortedMap<String, FloatTensor> from, SortedMap<String, FloatTensor> to) {
        return Math.sqrt(from.entrySet().stream()
                .mapToDouble(part -> squares(
                        part.getValue().values(),
                        Objects.requireNonNull(to.get(part.getKey())).values()))
                .sum());
    }

    @Test
    void orthogonal_ranks_are_added_to_a_parent_that_stays_as_it_is() {
        // Given
        Recipe orthogonal = RECIPE.withContinual(new Continual.Olora(0.5));
        Adapter parent = trained(Optional.empty(), demonstrations(8, 20), orthogonal);

        // When
        Adapter child = trained(Optional.of(parent), mixture(), orthogonal);

        // Then
        assertThat(child.config().rank()).isEqualTo(8);
        assertThat(child.config().scale()).isEqualTo(parent.config().scale());
        child.modules().forEach((path, module) -> {
            LowRank past = Objects.requireNonNull(parent.modules().get(path));
            assertThat(module.a().values()).startsWith(past.a().values());
            assertThat(module.b().values()[0]).isEqualTo(past.b().values()[0]);
        });
        assertThat(trained(Optional.of(child), mixture(), orthogonal).config().rank())
                .isEqualTo(12);
    }

    @Test
    void a_lineage_of_orthogonal_ranks_ends_in_words_where_no_more_fit() {
        // Given
        Recipe orthogonal = new Recipe(256, 512, 1e-2, 1, 8, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2)
                .withContinual(new Continual.Olora(0.5));
        Adapter parent = trained(Optional.empty(), demonstrations(2, 20), orthogonal);
        Adapter child = trained(Optional.of(parent), demonstrations(2, 20), orthogonal);

        // When
        TrainingOutcome outcome = train(Optional.of(child), demonstrations(2, 20), orthogonal);

        // Then
        assertThat(outcome)
                .isEqualTo(new TrainingOutcome.Failed(
                        0,
                        "the parent has rank 512, and 256 more would exceed 512: ask for fewer ranks, "
                                + "or start a new lineage"));
    }

    @Test
    void answers_held_to_the_parents_move_less() {
        // Given
        Adapter parent = trained(Optional.empty(), demonstrations(8, 20), RECIPE);

        // When
        Adapter held = trained(Optional.of(parent), demonstrations(8, 9), RECIPE.withContinual(new Continual.Kl(50)));
        Adapter free = trained(Optional.of(parent), demonstrations(8, 9), RECIPE);

        // Then
        assertThat(moved(parent, held)).isNotCloseTo(moved(parent, free), within(1e-3));
        assertThat(held.modules()).isNotEqualTo(free.modules());
    }

    @Test
    void a_lineage_keeps_the_ranks_that_its_first_batch_earned() {
        // Given
        Recipe measured = RECIPE.withVariant(new Variant.Eva(2));

        // When
        Adapter parent = trained(Optional.empty(), demonstrations(8, 20), measured);
        Adapter child = trained(Optional.of(parent), mixture(), measured);

        // Then
        assertThat(ranks(parent).stream().distinct()).hasSizeGreaterThan(1);
        assertThat(ranks(parent).stream().mapToInt(Integer::intValue).sum()).isEqualTo(14 * RECIPE.rank());
        assertThat(child.config()).isEqualTo(parent.config());
        assertThat(moved(parent, child)).isPositive();
    }

    @Test
    void ranks_fall_while_the_first_batch_is_trained_and_then_stay() {
        // Given
        Recipe falling = RECIPE.withRanks(
                new Ranks(List.of(), Optional.empty(), Optional.of(new Ranks.Fall(2, 1, 0.5)), Optional.empty()));

        // When
        Adapter parent = trained(Optional.empty(), demonstrations(8, 20), falling);
        Adapter child = trained(Optional.of(parent), mixture(), falling);

        // Then
        assertThat(ranks(parent)).containsOnly(2);
        assertThat(parent.optimizer()).isEmpty();
        assertThat(child.config()).isEqualTo(parent.config());
        assertThat(steps(child)).isPositive();
        assertThat(moved(parent, child)).isPositive();
    }

    @Test
    void the_fewest_ranks_that_hold_the_energy_are_kept_and_gone_on_from() {
        // Given
        Recipe saving = RECIPE.withRanks(
                new Ranks(List.of(), Optional.empty(), Optional.empty(), Optional.of(new Ranks.Energy(0.6))));

        // When
        Adapter parent = trained(Optional.empty(), mixture(), saving);
        Adapter child = trained(Optional.of(parent), mixture(), saving);

        // Then
        assertThat(ranks(parent)).allMatch(rank -> rank < 4).hasSizeGreaterThan(7);
        assertThat(child.modules().keySet())
                .allSatisfy(path -> assertThat(child.config().rank(path))
                        .isLessThanOrEqualTo(parent.config().rank(path)));
    }

    private static List<Integer> ranks(Adapter adapter) {
        return adapter.modules().values().stream().map(LowRank::rank).toList();
    }

    private Adapter trained(Recipe recipe) {
        return trained(Optional.empty(), mixture(), recipe);
    }

    private Adapter trained(Optional<Adapter> parent, List<Example> examples, Recipe recipe) {
        TrainingOutcome outcome = train(parent, examples, recipe);
        assertThat(outcome).isInstanceOf(TrainingOutcome.Trained.class);
        return ((TrainingOutcome.Trained) outcome).adapter();
    }

    private TrainingOutcome train(Optional<Adapter> parent, List<Example> examples, Recipe recipe) {
        return new BatchTrainer(base, new LetterRendering(), 2)
                .train(parent, examples, recipe, 42, (step, total, loss) -> {});
    }

    private static long steps(Adapter adapter) {
        return adapter.optimizer().map(OptimizerState::step).orElseThrow();
    }

    private static double importance(Adapter adapter) {
        return adapter.optimizer().orElseThrow().importance().values().stream()
                .mapToDouble(module -> sum(module.a().values()) + sum(module.b().values()))
                .sum();
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) sum += value;
        return sum;
    }

    /// Root of the sum of squares of how far each weight is from the other's.
    private static double moved(Adapter from, Adapter to) {
        double sum = 0;
        for (String path : from.modules().keySet()) {
            LowRank one = Objects.requireNonNull(from.modules().get(path));
            LowRank two = Objects.requireNonNull(to.modules().get(path));
            sum += squares(one.a().values(), two.a().values());
            sum += squares(one.b().values(), two.b().values());
        }
        return Math.sqrt(sum);
    }

    private static double squares(float[] one, float[] two) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) sum += (one[i] - two[i]) * (one[i] - two[i]);
        return sum;
    }

    /// @param letters of each answer
    private static List<Example> demonstrations(int count, int letters) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String answer = ("the answer is number " + i + " ").repeat(10).substring(0, letters);
            examples.add(new Example.Demonstration(Prompt.ofUser("question " + i), answer));
        }
        return examples;
    }

    private static List<Example> mixture() {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Prompt prompt = Prompt.ofUser("a question with number " + i);
            String text = "an answer that begins at " + i + " and ends";
            examples.add(new Example.Demonstration(prompt, text));
            examples.add(new Example.Edit(prompt, "no", text));
            examples.add(new Example.Preference(prompt, text, "a worse answer " + i));
            examples.add(new Example.Rating(prompt, text + i, i % 2 == 0));
        }
        return examples;
    }
}
