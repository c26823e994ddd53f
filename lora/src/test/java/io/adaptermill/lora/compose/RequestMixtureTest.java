package io.adaptermill.lora.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.merge.AdapterDistance;
import io.adaptermill.artifacts.merge.Merge;
import io.adaptermill.artifacts.merge.MergeMethod;
import io.adaptermill.artifacts.merge.Weighted;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.transformer.TinyLlama;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestMixtureTest {
    private static final List<Adapter> ADAPTERS =
            List.of(TinyLlama.adapter(2), TinyLlama.adapter(3), TinyLlama.adapter(4));

    private final Checkpoint base = TinyLlama.checkpoint();

    @AfterEach
    void close() {
        base.close();
    }

    @Test
    void a_request_is_answered_by_the_adapters_that_its_words_point_to() {
        // Given
        RequestWeights weights = new ArrowWeights(base, ArrowRouter.of(ADAPTERS, 2, 0.1));
        int[] tokens = TinyLlama.sequence(0).tokens();

        // When
        double[] shares = weights.of(tokens);
        Adapter mixed = new RequestMixture(ADAPTERS, weights).adapter(tokens);

        // Then
        assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-12));
        assertThat(Arrays.stream(shares).filter(share -> share > 0).count()).isEqualTo(2);
        assertThat(weights.of(tokens)).isEqualTo(shares);
        assertThat(weights.of(TinyLlama.sequence(2).tokens())).isNotEqualTo(shares);
        assertThat(mixed.config().rank()).isEqualTo(2 * TinyLlama.RANK);
        assertThat(AdapterDistance.relative(mixed, sum(shares))).isLessThan(1e-6);
    }

    @Test
    void a_gate_learns_which_adapter_answers_which_requests() {
        // Given
        List<GateWeights.Known> known = List.of(
                new GateWeights.Known(new int[] {10, 11, 12}, new double[] {1, 4, 4}),
                new GateWeights.Known(new int[] {11, 13}, new double[] {1, 4, 4}),
                new GateWeights.Known(new int[] {90, 91, 92}, new double[] {4, 1, 4}),
                new GateWeights.Known(new int[] {91, 93}, new double[] {4, 1, 4}));

        // When
        GateWeights gate = GateWeights.fit(base, known, 1e-3);

        // Then
        assertThat(gate.of(new int[] {12, 13})[0]).isGreaterThan(0.7);
        assertThat(gate.of(new int[] {92, 93})[1]).isGreaterThan(0.7);
        assertThat(Arrays.stream(gate.of(new int[] {50})).sum()).isCloseTo(1, within(1e-12));
        assertThat(GateWeights.fit(base, known, 1e-3).of(new int[] {50})).isEqualTo(gate.of(new int[] {50}));
    }

    @Test
    void a_gate_that_nothing_speaks_for_shares_alike() {
        // Given
        List<GateWeights.Known> known = List.of(new GateWeights.Known(new int[] {10, 11}, new double[] {2, 2, 2}));

        // When
        double[] shares = GateWeights.fit(base, known, 1e-3).of(new int[] {10});

        // Then
        for (double share : shares) assertThat(share).isCloseTo(1.0 / 3, within(1e-12));
    }

    @Test
    void weights_for_other_adapters_are_refused() {
        RequestWeights weights = new ArrowWeights(base, ArrowRouter.of(ADAPTERS, 2, 0.1));
        RequestMixture two = new RequestMixture(ADAPTERS.subList(0, 2), weights);
        assertThatThrownBy(() -> two.adapter(new int[] {1})).hasMessageContaining("2 adapters and 3 weights");
    }

    private static Adapter sum(double[] shares) {
        List<Weighted> all = new java.util.ArrayList<>();
        for (int i = 0; i < shares.length; i++) all.add(new Weighted(ADAPTERS.get(i), shares[i]));
        return Merge.of(all, new MergeMethod.Concatenation());
    }
}
