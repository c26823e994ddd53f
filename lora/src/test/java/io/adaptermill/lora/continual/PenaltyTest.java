package io.adaptermill.lora.continual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.score.SequenceScorer;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.lora.transformer.TokenSequence;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PenaltyTest {
    private static final String Q = "model.layers.1.self_attn.q_proj";
    private static final double STEP = 1e-3;

    private final Workspace memory = new Workspace();
    private final Adapter parent = TinyLlama.adapter(2);
    private final Adapter grown = GrownAdapter.of(parent, 3, 9);

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void elastic_weights_pull_back_by_how_much_each_one_mattered() {
        // Given
        AdapterLayout layout = layout(parent);
        AdapterParameters importance = drawn(layout, 7);
        for (int i = 0; i < importance.values().elements(); i++) {
            importance.values().set(i, Math.abs(importance.values().get(i)));
        }
        ElasticWeights penalty = new ElasticWeights(loaded(parent), importance, 3);

        // Then
        assertSlope(penalty, loaded(TinyLlama.adapter(5)), 40);
        assertThat(penalty.pull(loaded(parent), new AdapterParameters(layout, memory)))
                .isZero();
    }

    @Test
    void fresh_ranks_are_pulled_out_of_the_way_of_past_ones() {
        // Given
        OrthogonalRanks penalty = new OrthogonalRanks(loaded(grown), 4, 0.5);
        AdapterParameters weights = loaded(grown);
        double first = penalty.pull(weights, new AdapterParameters(layout(grown), memory));

        // When: plain descent on the penalty alone
        double last = first;
        for (int step = 0; step < 500; step++) {
            float rate = 1e-2f / (1 + step / 20f);
            AdapterParameters gradients = new AdapterParameters(layout(grown), memory);
            last = penalty.pull(weights, gradients);
            for (int i = 0; i < weights.values().elements(); i++) {
                weights.values()
                        .set(
                                i,
                                weights.values().get(i)
                                        - rate * gradients.values().get(i));
            }
        }

        // Then
        assertThat(last).isLessThan(first / 10);
    }

    @Test
    void the_pull_of_overlapping_ranks_is_the_slope_of_their_overlap() {
        // Given
        OrthogonalRanks penalty = new OrthogonalRanks(loaded(grown), 4, 0.5);
        AdapterParameters gradients = new AdapterParameters(layout(grown), memory);
        AdapterParameters weights = loaded(grown);
        penalty.pull(weights, gradients);

        // Then: along one fresh number of one A, and of one B
        for (AdapterLayout.Slot slot : layout(grown).slots()) {
            for (long at : new long[] {slot.a() + 5L * slot.in() + 3, slot.b() + 6}) {
                float kept = weights.values().get(at);
                AdapterParameters unused = new AdapterParameters(layout(grown), memory);
                weights.values().set(at, (float) (kept + STEP));
                double up = penalty.pull(weights, unused);
                weights.values().set(at, (float) (kept - STEP));
                double down = penalty.pull(weights, unused);
                weights.values().set(at, kept);
                assertThat((double) gradients.values().get(at)).isCloseTo((up - down) / (2 * STEP), within(5e-3));
            }
        }
    }

    @Test
    void past_ranks_get_no_gradient_and_come_back_after_a_step() {
        // Given
        OrthogonalRanks penalty = new OrthogonalRanks(loaded(grown), 4, 0.5);
        AdapterParameters gradients = drawn(layout(grown), 8);
        AdapterParameters weights = loaded(grown);

        // When
        penalty.pull(weights, gradients);
        for (int i = 0; i < weights.values().elements(); i++) weights.values().set(i, 7);
        penalty.settle(weights);

        // Then
        LowRank gradient = Objects.requireNonNull(gradients.modules().get(Q));
        LowRank weight = Objects.requireNonNull(weights.modules().get(Q));
        LowRank before = Objects.requireNonNull(grown.modules().get(Q));
        for (int rank = 0; rank < 7; rank++) {
            boolean past = rank < 4;
            float expected = past ? before.a().values()[rank * 32] : 7;
            assertThat(weight.a().values()[rank * 32]).isEqualTo(expected);
            assertThat(weight.b().values()[rank]).isEqualTo(past ? before.b().values()[rank] : 7);
            assertThat(gradient.a().values()[rank * 32] == 0).isEqualTo(past);
            assertThat(gradient.b().values()[rank] == 0).isEqualTo(past);
        }
    }

    @Test
    void a_grown_adapter_says_what_its_parent_says() {
        try (Checkpoint checkpoint = TinyLlama.checkpoint();
                FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);
                Kernels kernels = Kernels.open(Precision.F32, 1);
                Decoder decoder = new Decoder(base, kernels)) {
            // Given
            List<TokenSequence> sequences = List.of(TinyLlama.sequence(0), TinyLlama.sequence(3));
            SequenceScorer scorer = new SequenceScorer(decoder);

            // When
            double[] before = scorer.nats(sequences, Optional.of(AdapterLayers.of(parent, base, kernels, memory)));
            double[] after = scorer.nats(sequences, Optional.of(AdapterLayers.of(grown, base, kernels, memory)));

            // Then
            assertThat(grown.config().rank()).isEqualTo(7);
            assertThat(grown.config().scale()).isEqualTo(parent.config().scale());
            assertThat(after).containsExactly(before, within(1e-4));
        }
    }

    private void assertSlope(Penalty penalty, AdapterParameters at, long seed) {
        AdapterParameters gradient = new AdapterParameters(at.layout(), memory);
        penalty.pull(at, gradient);
        CounterRandom direction = new CounterRandom(seed, "direction");
        double slope = 0;
        for (int i = 0; i < at.values().elements(); i++) {
            slope += (double) gradient.values().get(i) * direction.symmetric(i);
        }
        double up = penalty.pull(moved(at, direction, STEP), new AdapterParameters(at.layout(), memory));
        double down = penalty.pull(moved(at, direction, -STEP), new AdapterParameters(at.layout(), memory));
        assertThat((up - down) / (2 * STEP)).isCloseTo(slope, within(1e-3 * Math.abs(slope)));
    }

    private AdapterParameters moved(AdapterParameters from, CounterRandom direction, double step) {
        AdapterParameters to = new AdapterParameters(from.layout(), memory);
        for (int i = 0; i < to.values().elements(); i++) {
            to.values().set(i, from.values().get(i) + (float) (step * direction.symmetric(i)));
        }
        return to;
    }

    private AdapterParameters loaded(Adapter adapter) {
        AdapterParameters parameters = new AdapterParameters(layout(adapter), memory);
        parameters.load(adapter.modules());
        return parameters;
    }

    private AdapterParameters drawn(AdapterLayout layout, long seed) {
        AdapterParameters parameters = new AdapterParameters(layout, memory);
        Tensor values = parameters.values();
        CounterRandom random = new CounterRandom(seed, "drawn");
        for (int i = 0; i < values.elements(); i++) values.set(i, random.symmetric(i));
        return parameters;
    }

    private static AdapterLayout layout(Adapter adapter) {
        return new AdapterLayout(TinyLlama.CONFIG, adapter.config());
    }
}
