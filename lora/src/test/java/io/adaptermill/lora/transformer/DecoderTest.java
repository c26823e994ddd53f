package io.adaptermill.lora.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.score.SequenceScorer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecoderTest {
    private final Checkpoint checkpoint = TinyLlama.checkpoint();
    private final Workspace memory = new Workspace();

    @AfterEach
    void close() {
        memory.close();
        checkpoint.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_sequence_costs_the_same_alone_and_packed_with_others(Precision precision) {
        try (FrozenDecoder base = new FrozenDecoder(checkpoint, precision);
                Kernels kernels = Kernels.open(precision, 1);
                Decoder decoder = new Decoder(base, kernels)) {
            // Given
            AdapterLayers adapter = AdapterLayers.of(TinyLlama.adapter(2), base, kernels, memory);
            SequenceScorer scorer = new SequenceScorer(decoder);
            List<TokenSequence> all =
                    IntStream.range(0, 4).mapToObj(TinyLlama::sequence).toList();

            // When
            double[] together = scorer.nats(all, Optional.of(adapter));

            // Then
            for (int i = 0; i < 4; i++) {
                double alone = scorer.nats(List.of(all.get(i)), Optional.of(adapter))[0];
                double tolerance = precision == Precision.F32 ? 1e-4 : 0.05 * alone;
                assertThat(together[i]).isCloseTo(alone, within(tolerance));
            }
        }
    }

    @Test
    void bfloat16_agrees_with_float32_to_a_few_roundings() {
        // Given
        List<TokenSequence> all =
                IntStream.range(0, 4).mapToObj(TinyLlama::sequence).toList();

        // When
        double[] exact = nats(Precision.F32, all);
        double[] brief = nats(Precision.BF16, all);

        // Then
        for (int i = 0; i < 4; i++) assertThat(brief[i]).isCloseTo(exact[i], within(0.03 * exact[i]));
    }

    @Test
    void sequences_of_like_length_share_a_group_and_no_group_is_larger_than_allowed() {
        // Given
        List<TokenSequence> sequences = IntStream.of(30, 100, 29, 31, 28, 95)
                .mapToObj(rows -> new TokenSequence(new int[rows + 1], 1))
                .toList();

        // When
        TokenBatch batch = TokenBatch.of(sequences, 2 * 32 * 32);

        // Then
        assertThat(batch.groups()).extracting(group -> group.padded()).containsExactly(112, 96, 32, 32);
        assertThat(batch.groups()).extracting(group -> group.sequences()).containsExactly(1, 1, 2, 2);
        assertThat(batch.used()).isEqualTo(313);
        assertThat(batch.rows()).isEqualTo(320);
    }

    private double[] nats(Precision precision, List<TokenSequence> sequences) {
        try (FrozenDecoder base = new FrozenDecoder(checkpoint, precision);
                Kernels kernels = Kernels.open(precision, 1);
                Decoder decoder = new Decoder(base, kernels)) {
            AdapterLayers adapter = AdapterLayers.of(TinyLlama.adapter(2), base, kernels, memory);
            return new SequenceScorer(decoder).nats(sequences, Optional.of(adapter));
        }
    }
}
