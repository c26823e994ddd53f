package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.Provenance;
import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.lora.continual.NoPenalty;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.optim.AdamW;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.optim.Stretch;
import io.adaptermill.lora.score.SequenceScorer;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import io.adaptermill.lora.variant.Method;
import io.adaptermill.lora.variant.Methods;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every variant: its gradient against finite differences along random directions, and its adapter through the store.
class VariantGradientTest {
    private static final Recipe RECIPE = new Recipe(4, 8, 1e-2, 1, 8, 128, 0, 0.01, 1.0, 0.1, 0.1, 0.2);
    private static final List<Lesson> LESSONS =
            List.of(new Lesson.Demonstrated(TinyLlama.sequence(0)), new Lesson.Demonstrated(TinyLlama.sequence(3)));
    private static final double STEP = 2e-3;

    private final Checkpoint checkpoint = TinyLlama.checkpoint();
    private final FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);
    private final Kernels kernels = Kernels.open(Precision.F32, 1);
    private final Workspace memory = new Workspace();
    private final Decoder decoder = new Decoder(base, kernels);
    private final LessonLosses losses = LessonLosses.of(RECIPE);
    private final References references = new References(new SequenceScorer(decoder), losses, Optional.empty());

    @AfterEach
    void close() {
        decoder.close();
        memory.close();
        kernels.close();
        base.close();
        checkpoint.close();
    }

    static Stream<Variant> variants() {
        return Variant.EACH.stream()
                .filter(variant -> Support.refusal(RECIPE.withVariant(variant)).isEmpty());
    }

    /// A token's choice of experts is a step, not a slope; where all are chosen there are slopes only.
    static Stream<Variant> smoothVariants() {
        return variants()
                .map(variant -> variant instanceof Variant.Mixture(var experts, var unused, var balance)
                        ? new Variant.Mixture(experts, experts, balance)
                        : variant);
    }

    @ParameterizedTest
    @MethodSource("smoothVariants")
    void the_gradient_of_what_a_variant_trains_is_the_slope_of_its_loss(Variant variant) {
        // Given: a few steps from the start, where half of all factors are zero
        Method method = Methods.of(variant);
        LearningState state = trained(method, Optional.empty());
        List<Stretch> stretches = Stretch.of(state.layout(), differentiated(method));

        // When
        learn(state);
        AdamW.clearFrozen(state.gradients(), stretches);
        float[] gradient = state.gradients().values().toArray();

        // Then
        float[] weights = state.weights().values().toArray();
        for (int seed = 20; seed < 24; seed++) {
            double slope = 0;
            CounterRandom direction = new CounterRandom(seed, "direction");
            for (int i = 0; i < gradient.length; i++) slope += (double) gradient[i] * direction.symmetric(i);
            double up = moved(state, weights, stretches, direction, STEP);
            double down = moved(state, weights, stretches, direction, -STEP);
            assertThat((up - down) / (2 * STEP))
                    .as("direction " + seed)
                    .isCloseTo(slope, within(0.01 * Math.abs(slope) + 2e-3));
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void an_adapter_comes_back_from_the_store_as_it_was_and_can_be_gone_on_from(Variant variant, @TempDir Path folder) {
        // Given
        Method method = Methods.of(variant);
        Adapter adapter = trained(method, Optional.empty()).adapter(Optional.empty());
        Digest origin = Digest.of("base".getBytes(StandardCharsets.UTF_8));
        Provenance provenance = new Provenance(
                VersionId.parse("acme@1"),
                BatchId.parse("acme#1"),
                Optional.empty(),
                origin,
                RECIPE.withVariant(variant),
                1);
        FileArtifactStore store = new FileArtifactStore(folder);

        // When
        AdapterArtifact read = store.get(store.put(new AdapterArtifact(adapter, provenance)));

        // Then
        assertThat(read.adapter()).isEqualTo(adapter);
        assertThat(method.misfit(read.adapter(), config(method))).isEmpty();
        assertThat(trained(method, Optional.of(read.adapter()))
                        .adapter(Optional.empty())
                        .isFinite())
                .isTrue();
    }

    /// DoRA counts the norms that it divides by as constants, so for A and B its gradient is not the slope by design;
    /// there PEFT's losses are the check.
    private static Map<Part, Double> differentiated(Method method) {
        return method.parts().contains(Part.MAGNITUDE) ? Map.of(Part.MAGNITUDE, 1.0) : method.pace();
    }

    private static LoraConfig config(Method method) {
        return method.config(PlainConfig.of(RECIPE));
    }

    private LearningState trained(Method method, Optional<Adapter> parent) {
        LearningState state = new LearningState(
                method, config(method), Optional.empty(), parent, 5, 3, base, kernels, memory, memory);
        AdamW optimizer = new AdamW(0, 1);
        for (int step = 0; step < 3; step++) {
            learn(state);
            state.regularise();
            state.step(optimizer, 5e-3, optimizer.norm(kernels, state.gradients()), new NoPenalty());
        }
        return state;
    }

    private double moved(
            LearningState state, float[] weights, List<Stretch> stretches, CounterRandom direction, double step) {
        for (Stretch stretch : stretches) {
            if (stretch.pace() == 0) continue;
            for (long i = stretch.from(); i < stretch.to(); i++) {
                state.weights().values().set(i, (float) (weights[(int) i] + step * direction.symmetric(i)));
            }
        }
        state.layers().load(kernels, state.weights());
        double loss = learn(state);
        state.gradients().values().clear();
        return loss;
    }

    private double learn(LearningState state) {
        StepLoss loss = StepLoss.of(LESSONS, losses, 0);
        List<TokenSequence> sequences =
                LESSONS.stream().flatMap(lesson -> lesson.sequences().stream()).toList();
        TokenBatch batch = TokenBatch.of(sequences, MicroBatches.SCORES_MAX);
        PieceLoss piece = new PieceLoss(LESSONS, batch, loss, references);
        decoder.learn(batch, state.layers(), piece, state.gradients());
        return piece.loss();
    }
}
