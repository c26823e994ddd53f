package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.loss.ApoZero;
import io.adaptermill.lora.loss.Dpo;
import io.adaptermill.lora.loss.Kto;
import io.adaptermill.lora.loss.Orpo;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.score.SequenceScorer;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import io.adaptermill.lora.variant.Methods;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A whole step of every kind of lesson: its gradient against finite differences along random directions,
/// float32.
class StepGradientTest extends OnTinyLlama {
    private static final List<Lesson> LESSONS = List.of(
            new Lesson.Demonstrated(TinyLlama.sequence(0)),
            new Lesson.Edited(TinyLlama.sequence(1), TinyLlama.sequence(2)),
            new Lesson.Preferred(TinyLlama.sequence(3), TinyLlama.sequence(0)),
            new Lesson.Rated(TinyLlama.sequence(1), false),
            new Lesson.Rated(TinyLlama.sequence(2), true));
    private static final double STEP = 2e-3;
    private static final LessonLosses LOSSES = new LessonLosses(new Dpo(0.1, 0), new Kto(0.1), 0.2);

    StepGradientTest() {
        super(1);
    }

    static List<LessonLosses> choices() {
        return List.of(
                LOSSES,
                new LessonLosses(new Dpo(0.3, 0.2), new ApoZero(0.2), 0.5),
                new LessonLosses(new Orpo(0.5), new Kto(0.1), 1));
    }

    @ParameterizedTest
    @MethodSource("choices")
    void the_gradient_of_a_mixed_step_is_the_slope_of_its_loss(LessonLosses losses) {
        // Given
        StepLoss loss = StepLoss.of(LESSONS, losses, 0.25);
        Adapter adapter = TinyLlama.adapter(5);
        LearningState state = state(adapter);

        // When
        learn(state, loss);

        // Then
        SortedMap<String, LowRank> gradient = state.gradients().modules();
        for (int seed = 20; seed < 24; seed++) {
            double up = learn(state(moved(adapter, seed, STEP)), loss);
            double down = learn(state(moved(adapter, seed, -STEP)), loss);
            double slope = along(gradient, seed);
            assertThat((up - down) / (2 * STEP))
                    .as("direction " + seed)
                    .isCloseTo(slope, within(0.01 * Math.abs(slope) + 2e-3));
        }
    }

    @Test
    void a_step_that_went_wrong_leaves_nothing_behind_in_memory() {
        // Given
        StepLoss loss = StepLoss.of(LESSONS, LOSSES, 0.25);
        LearningState fresh = state(TinyLlama.adapter(5));
        learn(fresh, loss);

        // When: every activation becomes NaN, in more rows than are used afterwards
        LearningState broken = state(moved(TinyLlama.adapter(5), 20, Double.NaN));
        TokenBatch larger =
                TokenBatch.of(List.of(new TokenSequence(new int[200], 1), new TokenSequence(new int[90], 1)), 1 << 20);
        decoder.learn(larger, broken.layers(), nats -> nats, broken.gradients());
        LearningState again = state(TinyLlama.adapter(5));
        learn(again, loss);

        // Then
        assertThat(again.gradients().modules()).isEqualTo(fresh.gradients().modules());
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

    private double learn(LearningState state, StepLoss loss) {
        List<TokenSequence> sequences =
                LESSONS.stream().flatMap(lesson -> lesson.sequences().stream()).toList();
        TokenBatch batch = TokenBatch.of(sequences, MicroBatches.SCORES_MAX);
        References references = new References(new SequenceScorer(decoder), loss.losses(), Optional.empty());
        references.prepare(LESSONS);
        PieceLoss piece = new PieceLoss(LESSONS, batch, loss, references);
        decoder.learn(batch, state.layers(), piece, state.gradients());
        return piece.loss();
    }

    private static Adapter moved(Adapter adapter, long seed, double step) {
        SortedMap<String, LowRank> modules = new TreeMap<>();
        adapter.modules()
                .forEach((path, module) -> modules.put(
                        path,
                        new LowRank(
                                moved(module.a(), seed, path + "a", step), moved(module.b(), seed, path + "b", step))));
        return new Adapter(adapter.config(), modules, Optional.empty());
    }

    private static FloatTensor moved(FloatTensor tensor, long seed, String name, double step) {
        CounterRandom direction = new CounterRandom(seed, name);
        float[] numbers = tensor.values().clone();
        for (int i = 0; i < numbers.length; i++) numbers[i] += (float) (step * direction.symmetric(i));
        return new FloatTensor(tensor.rows(), tensor.columns(), numbers);
    }

    private static double along(SortedMap<String, LowRank> gradient, long seed) {
        double sum = 0;
        for (var entry : gradient.entrySet()) {
            sum += along(entry.getValue().a(), seed, entry.getKey() + "a");
            sum += along(entry.getValue().b(), seed, entry.getKey() + "b");
        }
        return sum;
    }

    private static double along(FloatTensor gradient, long seed, String name) {
        CounterRandom direction = new CounterRandom(seed, name);
        double sum = 0;
        for (int i = 0; i < gradient.values().length; i++) {
            sum += (double) gradient.values()[i] * direction.symmetric(i);
        }
        return sum;
    }
}
