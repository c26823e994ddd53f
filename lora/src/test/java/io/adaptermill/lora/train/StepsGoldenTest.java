package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.artifacts.Adapter;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.continual.NoPenalty;
import io.adaptermill.lora.optim.AdamW;
import io.adaptermill.lora.optim.LearningRate;
import io.adaptermill.lora.score.SequenceScorer;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import io.adaptermill.lora.variant.Methods;
import io.adaptermill.schemas.policy.Losses;
import io.adaptermill.schemas.policy.Losses.Pairs;
import io.adaptermill.schemas.policy.Losses.RatingWeights;
import io.adaptermill.schemas.policy.Losses.Ratings;
import io.adaptermill.schemas.policy.Practice.Schedule;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.testkit.Parity;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Twenty steps of every loss against TRL's own trainers (`make_steps_golden.py`): the same adapter to start with,
/// AdamW, and a cosine schedule.
class StepsGoldenTest extends OnTinyLlama {
    private static final JsonNode GOLDEN = Golden.json("trl-steps.json");
    private static final Recipe PLAIN = new Recipe(4, 8, 1e-2, 1, 8, 128, 0, 0.01, 1.0, 0.1, 0.1, 0.2);
    private static final int STEPS = 20;

    StepsGoldenTest() {
        super(2);
    }

    static Stream<Arguments> losses() {
        List<List<Lesson>> pairs = List.of(List.of(pair(0, 3), pair(1, 2)), List.of(pair(3, 0)));
        List<List<Lesson>> one = List.of(List.of(pair(0, 3)), List.of(pair(1, 2)), List.of(pair(3, 0)));
        List<List<Lesson>> ratings = List.of(
                List.of(rated(0, true), rated(1, false), rated(2, true)), List.of(rated(3, false), rated(1, true)));
        List<List<Lesson>> whole = List.of(List.of(wholePair(0, 3), wholePair(1, 2)), List.of(wholePair(3, 0)));
        Optional<RatingWeights> weights = Optional.of(new RatingWeights(0.75, 1.5));
        return Stream.of(
                Arguments.of(
                        "sft",
                        "SFT",
                        Losses.DEFAULT,
                        2,
                        List.of(List.of(shown(0), shown(1), shown(2)), List.of(shown(3), shown(1)))),
                Arguments.of("dpo", "DPO", Losses.DEFAULT, 2, pairs),
                Arguments.of(
                        "dpoSmoothed",
                        "DPO with label smoothing",
                        new Losses(0.2, Pairs.DPO, Ratings.KTO, 0.1),
                        2,
                        one),
                Arguments.of("kto", "KTO", Losses.DEFAULT, 8, ratings),
                Arguments.of(
                        "ktoWeighted",
                        "KTO with weights of good and bad",
                        new Losses(0, Pairs.DPO, Ratings.KTO, 0.1, weights),
                        8,
                        ratings),
                Arguments.of("apoZero", "APO-zero", new Losses(0, Pairs.DPO, Ratings.APO_ZERO, 0.1), 8, ratings),
                Arguments.of("orpo", "ORPO", new Losses(0, Pairs.ORPO, Ratings.KTO, 0.3), 2, whole));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("losses")
    void twenty_steps_cost_what_they_cost_in_trl(
            String key, String name, Losses losses, int seed, List<List<Lesson>> batches) {
        // Given
        Recipe recipe = PLAIN.withLosses(losses);
        Adapter start = TinyLlama.adapter(seed);
        LearningState state = new LearningState(
                Methods.LORA,
                start.config(),
                Optional.empty(),
                Optional.of(start),
                0,
                STEPS,
                base,
                kernels,
                memory,
                memory);
        References references = new References(new SequenceScorer(decoder), LessonLosses.of(recipe), Optional.empty());
        references.prepare(batches.stream().flatMap(List::stream).toList());
        AdamW optimizer = new AdamW(recipe.weightDecay(), recipe.gradientNormMax());
        LearningRate rate = new LearningRate(Schedule.COSINE, recipe.learningRate(), STEPS, 0);
        double[] actual = new double[STEPS];

        // When
        for (int step = 0; step < STEPS; step++) {
            actual[step] = learn(state, batches.get(step % batches.size()), references);
            double norm = optimizer.norm(kernels, state.gradients());
            state.step(optimizer, rate.at(step + 1), norm, new NoPenalty());
        }

        // Then
        for (int step = 0; step < STEPS; step++) {
            double expected = GOLDEN.get(key).get(step).asDouble();
            assertThat(actual[step]).as("step " + step).isCloseTo(expected, within(1e-4 * expected));
            double share = Math.abs(actual[step] / expected - 1);
            Parity.note("Losses", name, "TRL's trainer", "loss of each of 20 steps, relative", share, 1e-4);
        }
    }

    private double learn(LearningState state, List<Lesson> lessons, References references) {
        double divergence = references.divergence(lessons, Optional.of(state.layers()));
        StepLoss loss = StepLoss.of(lessons, references.losses(), divergence);
        List<TokenSequence> sequences =
                lessons.stream().flatMap(lesson -> lesson.sequences().stream()).toList();
        TokenBatch batch = TokenBatch.of(sequences, MicroBatches.SCORES_MAX);
        PieceLoss piece = new PieceLoss(lessons, batch, loss, references);
        decoder.learn(batch, state.layers(), piece, state.gradients());
        return piece.loss();
    }

    private static Lesson shown(int index) {
        return new Lesson.Demonstrated(TinyLlama.sequence(index));
    }

    private static Lesson rated(int index, boolean good) {
        return new Lesson.Rated(TinyLlama.sequence(index), good);
    }

    /// The rejected response is another prompt's.
    private static Lesson pair(int prompt, int other) {
        TokenSequence chosen = TinyLlama.sequence(prompt);
        return new Lesson.Preferred(chosen, chosen.answeredBy(TinyLlama.sequence(other)));
    }

    /// The same with a prompt of one token.
    private static Lesson wholePair(int prompt, int other) {
        TokenSequence chosen = new TokenSequence(TinyLlama.sequence(prompt).tokens(), 1);
        return new Lesson.Preferred(
                chosen,
                chosen.answeredBy(new TokenSequence(TinyLlama.sequence(other).tokens(), 1)));
    }
}
