package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.continual.NoPenalty;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.optim.AdamW;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.score.SequenceScorer;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import io.adaptermill.lora.variant.Method;
import io.adaptermill.lora.variant.Methods;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.policy.Ranks;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import io.adaptermill.testkit.Parity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Twenty steps of every method against PEFT's, or against what `make_variants_golden.py` writes from the paper.
class VariantGoldenTest {
    private static final JsonNode GOLDEN = Golden.json("variants-tiny-llama.json");
    private static final JsonNode GRADIENTS = Golden.json("variant-gradients.json");
    private static final int FELT_AT = 7;
    private static final Recipe PLAIN = new Recipe(4, 8, 1e-2, 1, 8, 128, 0, 0.01, 1.0, 0.1, 0.1, 0.2);
    private static final Recipe EVA = PLAIN.withVariant(new Variant.Eva(2));
    private static final LessonLosses LOSSES = LessonLosses.of(PLAIN);
    private static final int STEPS = 20;
    private static final long SEED = 5;
    private static final Map<String, Double> RATES = Map.of("vera", 5e-2, "loraplus", 5e-3);

    private final Checkpoint checkpoint = TinyLlama.checkpoint();
    private final FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);
    private final Kernels kernels = Kernels.open(Precision.F32, 2);
    private final Workspace memory = new Workspace();
    private final Decoder decoder = new Decoder(base, kernels);
    private final References references = new References(new SequenceScorer(decoder), LOSSES, Optional.empty());

    @AfterEach
    void close() {
        decoder.close();
        memory.close();
        kernels.close();
        base.close();
        checkpoint.close();
    }

    static Stream<Arguments> recipes() {
        return Stream.of(
                Arguments.of("rslora", PLAIN.withVariant(new Variant.RsLora())),
                Arguments.of("loraplus", PLAIN.withVariant(new Variant.LoraPlus(4))),
                Arguments.of("lorafa", PLAIN.withVariant(new Variant.LoraFa())),
                Arguments.of(
                        "patterns",
                        PLAIN.withRanks(new Ranks(
                                List.of(
                                        new Ranks.RankPattern("layers.0.self_attn.q_proj", 2, 3),
                                        new Ranks.RankPattern("down_proj", 6, 18)),
                                Optional.empty()))),
                Arguments.of("vera", PLAIN.withVariant(new Variant.Vera(7, 0.1))),
                Arguments.of("adalora", PLAIN.withVariant(new Variant.AdaLora(2, 0.1, 0.3, 0.85, 0.85, 0.5))),
                Arguments.of("dylora", PLAIN.withVariant(new Variant.DyLora(1))),
                Arguments.of("sora", PLAIN.withVariant(new Variant.Sora(5.7))),
                Arguments.of("pissa", PLAIN.withVariant(new Variant.Pissa())),
                Arguments.of("relora", PLAIN.withVariant(new Variant.ReLora(8))),
                Arguments.of("dora", PLAIN.withVariant(new Variant.Dora())),
                Arguments.of("eva", EVA),
                Arguments.of("mixture", PLAIN.withVariant(new Variant.Mixture(4, 2, 0.5))),
                Arguments.of(
                        "fall",
                        PLAIN.withRanks(new Ranks(
                                List.of(),
                                Optional.empty(),
                                Optional.of(new Ranks.Fall(1, 2, 0.5)),
                                Optional.empty()))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recipes")
    void twenty_steps_and_what_is_served_afterwards_cost_what_they_cost_elsewhere(String name, Recipe recipe) {
        // Given
        JsonNode golden = GOLDEN.get("losses").get(name);
        Training training = training(recipe, Optional.empty(), STEPS);

        // When
        List<Double> losses = training.take(0, STEPS, RATES.getOrDefault(name, 1e-2));
        Adapter served = RanksAfter.of(training.state().adapter(Optional.empty()), recipe);
        losses.add(scored(served, STEPS));

        // Then
        double largest = 0;
        for (int step = 0; step <= STEPS; step++) {
            double expected = golden.get(step).asDouble();
            assertThat(losses.get(step)).as("step " + step).isCloseTo(expected, within(1e-4 * expected));
            largest = Math.max(largest, Math.abs(losses.get(step) - expected) / expected);
        }
        String reference =
                List.of("dylora", "sora", "relora", "mixture", "fall").contains(name)
                        ? "the paper's formulas in torch"
                        : "PEFT";
        Parity.note("Variants", name, reference, "loss of each of 20 steps, relative", largest, 1e-4);
    }

    /// Each rank's gradient along a drawn direction, whatever its sign: singular vectors may come with either.
    @ParameterizedTest(name = "{0}")
    @MethodSource("recipes")
    void what_a_step_feels_is_what_autograd_feels(String name, Recipe recipe) {
        // Given
        JsonNode golden = GRADIENTS.get(name);
        Training training = training(recipe, Optional.empty(), STEPS);
        training.take(0, FELT_AT, RATES.getOrDefault(name, 1e-2));

        // When
        training.learn(lessons(FELT_AT));
        training.state().regularise();

        // Then
        AdapterParameters gradients = training.state().gradients();
        int compared = 0;
        for (Slot slot : gradients.layout().slots()) {
            for (Part part : Part.values()) {
                JsonNode expected = golden.get(slot.path() + part.suffix());
                if (expected == null) continue;
                assertFelt(name, gradients.get(slot, part), part, expected);
                compared++;
            }
        }
        assertThat(compared).isEqualTo(golden.size());
    }

    private static void assertFelt(String name, FloatTensor gradient, Part part, JsonNode expected) {
        boolean byRow = part == Part.A || part == Part.GATE || part == Part.ROUTER;
        int lines = byRow ? gradient.rows() : gradient.columns();
        int length = gradient.values().length / lines;
        CounterRandom direction = new CounterRandom(21, part.suffix().substring(1));
        assertThat(lines).isEqualTo(expected.size());
        double largest = 0;
        for (JsonNode felt : expected) largest = Math.max(largest, felt.asDouble());
        for (int line = 0; line < lines; line++) {
            double felt = 0;
            for (int i = 0; i < length; i++) {
                felt += gradient.values()[byRow ? line * length + i : i * lines + line] * direction.symmetric(i);
            }
            double away = Math.abs(Math.abs(felt) - expected.get(line).asDouble());
            assertThat(away).as(part + " " + line).isLessThan(1e-3 * largest + 1e-6);
            if (largest > 1e-3) {
                Parity.note("Variants", name, "torch autograd", "gradient, of its largest", away / largest, 1e-3);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recipes")
    void a_lineage_that_is_stored_half_way_goes_on_to_the_same_bits(String name, Recipe recipe) {
        boolean plansByTheRunsLength =
                recipe.variant().filter(Variant.AdaLora.class::isInstance).isPresent()
                        || recipe.ranks().filter(Ranks::shrink).isPresent();
        if (plansByTheRunsLength) return;
        // Given
        Training whole = training(recipe, Optional.empty(), STEPS);
        whole.take(0, STEPS, 1e-2);
        Training first = training(recipe, Optional.empty(), 10);
        first.take(0, 10, 1e-2);

        // When
        Training second = training(recipe, Optional.of(first.state().adapter(Optional.empty())), 10);
        second.take(10, STEPS, 1e-2);

        // Then
        assertThat(second.state().adapter(Optional.empty()))
                .isEqualTo(whole.state().adapter(Optional.empty()));
    }

    @Test
    void gates_that_the_proximal_step_shut_leave_the_adapter_and_their_number_is_the_references() {
        // Given
        Training training = training(PLAIN.withVariant(new Variant.Sora(5.7)), Optional.empty(), STEPS);

        // When
        training.take(0, STEPS, 1e-2);

        // Then
        Adapter adapter = training.state().adapter(Optional.empty());
        assertThat(shut(adapter)).isPositive().isEqualTo(GOLDEN.get("soraShut").asInt());
        assertThat(adapter.modules().values()).allMatch(module -> module.rank() == 1 || zeros(module) == 0);
    }

    @Test
    void a_budget_is_kept_to_the_triplet_and_by_the_batches_that_follow() {
        // Given
        Recipe recipe = PLAIN.withVariant(new Variant.AdaLora(2, 0.1, 0.3, 0.85, 0.85, 0.5));
        Training first = training(recipe, Optional.empty(), STEPS);
        first.take(0, STEPS, 1e-2);
        Adapter parent = first.state().adapter(Optional.empty());

        // When
        Training second = training(recipe, Optional.of(parent), 3);
        second.take(0, 3, 1e-2);

        // Then: 14 modules of rank 4, of which 2 on average are left
        assertThat(shut(parent)).isEqualTo(28);
        assertThat(parent.modules().values()).allMatch(module -> module.rank() == 1 || zeros(module) == 0);
        assertThat(shut(second.state().adapter(Optional.empty()))).isEqualTo(28);
    }

    @Test
    void ranks_go_where_few_directions_explain_an_input_as_in_peft() {
        // When
        Adapter begun = training(EVA, Optional.empty(), STEPS).state().adapter(Optional.empty());

        // Then
        begun.modules()
                .forEach((path, module) -> assertThat(module.rank())
                        .as(path)
                        .isEqualTo(GOLDEN.get("evaRanks").get(path).asInt()));
    }

    @ParameterizedTest
    @EnumSource
    void modules_matter_as_much_as_autograd_says(Ranks.Importance kind) {
        // Given
        String name = EventJson.mapper().convertValue(kind, String.class);
        List<Lesson> lessons = IntStream.range(0, 4)
                .mapToObj(i -> (Lesson) new Lesson.Demonstrated(TinyLlama.sequence(i)))
                .toList();

        // When
        SequencedMap<String, Double> measured =
                new ModuleImportance(decoder, base, kernels, kind).of(lessons, TinyLlama.lora());

        // Then
        JsonNode golden = GOLDEN.get("importance").get(name);
        assertThat(measured).hasSize(golden.size());
        measured.forEach((path, value) -> {
            double expected = golden.get(path).asDouble();
            assertThat(value).as(path).isCloseTo(expected, within(1e-4 * expected));
            Parity.note(
                    "Importance of modules",
                    name,
                    "torch autograd",
                    "each module, relative",
                    Math.abs(value - expected) / expected,
                    1e-4);
        });
    }

    @Test
    void a_budget_is_reached_in_the_first_step_if_all_the_others_are_to_be_final() {
        // Given
        Recipe recipe = PLAIN.withVariant(new Variant.AdaLora(2, 0, 1, 0.85, 0.85, 0.5));
        Training training = training(recipe, Optional.empty(), 2);

        // When
        training.take(0, 2, 1e-2);

        // Then
        assertThat(shut(training.state().adapter(Optional.empty()))).isEqualTo(28);
    }

    /// Ranks that have left an adapter of rank 4, and the shut one that a module keeps if all are.
    private static int shut(Adapter adapter) {
        return adapter.modules().values().stream()
                .mapToInt(module -> PLAIN.rank() - module.rank() + zeros(module))
                .sum();
    }

    private static int zeros(LowRank module) {
        return (int) IntStream.range(0, module.rank())
                .filter(c -> IntStream.range(0, module.out())
                        .allMatch(o -> module.b().values()[o * module.rank() + c] == 0))
                .count();
    }

    private double scored(Adapter adapter, int step) {
        List<Lesson> lessons = lessons(step);
        AdapterLayers layers = AdapterLayers.of(adapter, base, kernels, memory);
        List<TokenSequence> sequences =
                lessons.stream().flatMap(lesson -> lesson.sequences().stream()).toList();
        double nats = Arrays.stream(new SequenceScorer(decoder).nats(sequences, Optional.of(layers)))
                .sum();
        return nats / sequences.stream().mapToInt(TokenSequence::targets).sum();
    }

    private Training training(Recipe recipe, Optional<Adapter> parent, int steps) {
        Method method = Methods.of(recipe);
        LoraConfig wanted = method.config(PlainConfig.of(recipe));
        assertThat(parent.flatMap(adapter -> Continuation.misfit(adapter, method, wanted, recipe)))
                .isEmpty();
        NewAdapter begun = parent.isPresent()
                ? new NewAdapter(method, Continuation.trained(parent.get(), wanted, recipe))
                : NewAdapter.of(method, wanted, lessons(0), recipe, decoder, base, kernels);
        return new Training(new LearningState(
                begun.method(), begun.lora(), Optional.empty(), parent, SEED, steps, base, kernels, memory, memory));
    }

    private static List<Lesson> lessons(int step) {
        int[] indices = step % 2 == 0 ? new int[] {0, 1, 2} : new int[] {3, 1};
        return Arrays.stream(indices)
                .mapToObj(i -> (Lesson) new Lesson.Demonstrated(TinyLlama.sequence(i)))
                .toList();
    }

    private final class Training {
        private final LearningState state;

        Training(LearningState state) {
            this.state = state;
        }

        LearningState state() {
            return state;
        }

        List<Double> take(int from, int to, double rate) {
            AdamW optimizer = new AdamW(PLAIN.weightDecay(), PLAIN.gradientNormMax());
            List<Double> losses = new ArrayList<>();
            for (int step = from; step < to; step++) {
                losses.add(learn(lessons(step)));
                state.regularise();
                state.step(optimizer, rate, optimizer.norm(kernels, state.gradients()), new NoPenalty());
            }
            return losses;
        }

        private double learn(List<Lesson> lessons) {
            StepLoss loss = StepLoss.of(lessons, LOSSES, 0);
            List<TokenSequence> sequences = lessons.stream()
                    .flatMap(lesson -> lesson.sequences().stream())
                    .toList();
            TokenBatch batch = TokenBatch.of(sequences, MicroBatches.SCORES_MAX);
            state.begin(batch.used());
            PieceLoss piece = new PieceLoss(lessons, batch, loss, references);
            decoder.learn(batch, state.layers(), piece, state.gradients());
            return piece.loss();
        }
    }
}
