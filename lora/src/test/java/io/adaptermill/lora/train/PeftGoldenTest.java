package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.continual.NoPenalty;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.loss.ApoZero;
import io.adaptermill.lora.loss.Dpo;
import io.adaptermill.lora.loss.Kto;
import io.adaptermill.lora.loss.Orpo;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.optim.AdamW;
import io.adaptermill.lora.score.SequenceScorer;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import io.adaptermill.lora.variant.Methods;
import io.adaptermill.testkit.Parity;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Losses, gradients and trained weights against Hugging Face PEFT in float32 (`make_peft_golden.py`),
/// and TRL's losses on the same model (`make_losses_golden.py`).
class PeftGoldenTest {
    private static final JsonNode GOLDEN = Golden.json("peft-tiny-llama.json");
    private static final JsonNode LOSSES_GOLDEN = Golden.json("trl-losses.json");
    private static final LessonLosses LOSSES = new LessonLosses(new Dpo(0.1, 0), new Kto(0.1), 0.2);

    private final Checkpoint checkpoint = TinyLlama.checkpoint();
    private final FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);
    private final Kernels kernels = Kernels.open(Precision.F32, 2);
    private final Workspace memory = new Workspace();
    private final Decoder decoder = new Decoder(base, kernels);
    private final References references = references(LOSSES);

    @AfterEach
    void close() {
        decoder.close();
        memory.close();
        kernels.close();
        base.close();
        checkpoint.close();
    }

    @Test
    void five_steps_of_supervised_training_follow_peft() {
        // Given
        JsonNode golden = GOLDEN.get("sft");
        LearningState state = state(TinyLlama.adapter(2));
        AdamW optimizer = new AdamW(0.01, 1.0);
        double[] losses = new double[5];

        // When
        for (int step = 0; step < 5; step++) {
            losses[step] = learn(state, step % 2 == 0 ? demonstrations(0, 1, 2) : demonstrations(3, 1), references);
            if (step == 0) assertGradient(state, golden.get("gradient"));
            state.step(optimizer, 1e-2, optimizer.norm(kernels, state.gradients()), new NoPenalty());
        }

        // Then
        for (int step = 0; step < 5; step++) {
            double expected = golden.get("losses").get(step).asDouble();
            assertThat(losses[step]).isCloseTo(expected, within(1e-4 * expected));
            note("SFT", "PEFT", losses[step], expected);
        }
        assertClose(state.adapter(Optional.empty()).modules(), golden.get("weights"), 2e-3);
    }

    @Test
    void a_preference_costs_and_pulls_as_in_trl() {
        // Given
        JsonNode golden = GOLDEN.get("dpo");
        LearningState state = state(TinyLlama.adapter(2));
        List<Lesson> lessons = List.of(pair());
        references.prepare(lessons);

        // When
        double loss = learn(state, lessons, references);

        // Then
        assertThat(loss).isCloseTo(golden.get("loss").asDouble(), within(1e-4));
        note("DPO", "TRL", loss, golden.get("loss").asDouble());
        assertGradient(state, golden.get("gradient"));
    }

    @Test
    void ratings_cost_and_pull_as_in_trl() {
        // Given
        JsonNode golden = GOLDEN.get("kto");
        LearningState state = state(TinyLlama.adapter(8));
        List<Lesson> lessons = List.of(
                new Lesson.Rated(TinyLlama.sequence(0), true),
                new Lesson.Rated(TinyLlama.sequence(1), false),
                new Lesson.Rated(TinyLlama.sequence(2), true));
        references.prepare(lessons);

        // When
        double loss = learn(state, lessons, references);

        // Then
        assertThat(references.divergence(lessons, Optional.of(state.layers())))
                .isCloseTo(golden.get("divergence").asDouble(), within(1e-4));
        assertThat(loss).isCloseTo(golden.get("loss").asDouble(), within(1e-5));
        note("KTO", "TRL", loss, golden.get("loss").asDouble());
        assertGradient(state, golden.get("gradient"));
    }

    @Test
    void a_smoothed_preference_costs_and_pulls_as_in_trl() {
        assertStep(
                "dpo_smoothed",
                "DPO with label smoothing",
                new LessonLosses(new Dpo(0.1, 0.2), new Kto(0.1), 0.2),
                2,
                pair());
    }

    @Test
    void an_odds_ratio_beside_imitation_costs_and_pulls_as_in_trl() {
        assertStep("orpo", "ORPO", new LessonLosses(new Orpo(0.3), new Kto(0.1), 1), 2, pair());
    }

    @Test
    void anchored_ratings_cost_and_pull_as_in_trl() {
        assertStep(
                "apo_zero",
                "APO-zero",
                new LessonLosses(new Dpo(0.1, 0), new ApoZero(0.1), 0.2),
                8,
                new Lesson.Rated(TinyLlama.sequence(0), true),
                new Lesson.Rated(TinyLlama.sequence(1), false),
                new Lesson.Rated(TinyLlama.sequence(2), true));
    }

    private void assertStep(String key, String name, LessonLosses losses, long seed, Lesson... lessons) {
        // Given
        JsonNode golden = LOSSES_GOLDEN.get(key);
        LearningState state = state(TinyLlama.adapter(seed));
        References compared = references(losses);
        compared.prepare(List.of(lessons));

        // When
        double loss = learn(state, List.of(lessons), compared);

        // Then
        assertThat(loss).isCloseTo(golden.get("loss").asDouble(), within(1e-4));
        note(name, "TRL", loss, golden.get("loss").asDouble());
        assertGradient(state, golden.get("gradient"));
    }

    private static void note(String name, String against, double actual, double expected) {
        Parity.note("Losses", name, against, "loss of a step, relative", Math.abs(actual / expected - 1), 1e-4);
    }

    private static Lesson pair() {
        return new Lesson.Preferred(TinyLlama.sequence(0), TinyLlama.sequence(0).answeredBy(TinyLlama.sequence(3)));
    }

    private LearningState state(Adapter adapter) {
        return new LearningState(
                Methods.LORA,
                adapter.config(),
                Optional.empty(),
                Optional.of(adapter),
                0,
                1,
                base,
                kernels,
                memory,
                memory);
    }

    private References references(LessonLosses losses) {
        return new References(new SequenceScorer(decoder), losses, Optional.empty());
    }

    private double learn(LearningState state, List<Lesson> lessons, References references) {
        StepLoss loss =
                StepLoss.of(lessons, references.losses(), references.divergence(lessons, Optional.of(state.layers())));
        List<TokenSequence> sequences =
                lessons.stream().flatMap(lesson -> lesson.sequences().stream()).toList();
        TokenBatch batch = TokenBatch.of(sequences, MicroBatches.SCORES_MAX);
        PieceLoss piece = new PieceLoss(lessons, batch, loss, references);
        decoder.learn(batch, state.layers(), piece, state.gradients());
        return piece.loss();
    }

    private static List<Lesson> demonstrations(int... indices) {
        return Arrays.stream(indices)
                .mapToObj(i -> (Lesson) new Lesson.Demonstrated(TinyLlama.sequence(i)))
                .toList();
    }

    private static void assertGradient(LearningState state, JsonNode golden) {
        assertClose(state.gradients().modules(), golden, 1e-4);
    }

    /// Every number within a share of its tensor's largest.
    private static void assertClose(SortedMap<String, LowRank> actual, JsonNode golden, double share) {
        assertThat(actual).hasSize(golden.size() / 2);
        actual.forEach((path, module) -> {
            assertClose(path + ".lora_A", module.a().values(), golden, share);
            assertClose(path + ".lora_B", module.b().values(), golden, share);
        });
    }

    private static void assertClose(String name, float[] actual, JsonNode golden, double share) {
        double[] expected = new double[actual.length];
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            expected[i] = golden.get(name).get(i).asDouble();
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).as(name + " " + i).isCloseTo(expected[i], within(share * largest + 1e-7));
        }
    }
}
