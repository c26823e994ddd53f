package io.adaptermill.lora.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Sequences laid end to end: nobody attends across a boundary, and only responses count.
class PackingTest {
    private static final long SCORES_MAX = 1 << 24;

    private final Checkpoint checkpoint = TinyLlama.checkpoint();
    private final FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);
    private final Kernels kernels = Kernels.open(Precision.F32, 1);
    private final Workspace memory = new Workspace();
    private final Decoder decoder = new Decoder(base, kernels);
    private final AdapterLayers adapter = AdapterLayers.of(TinyLlama.adapter(2), base, kernels, memory);

    @AfterEach
    void close() {
        decoder.close();
        memory.close();
        kernels.close();
        base.close();
        checkpoint.close();
    }

    @Test
    void labels_are_the_responses_tokens_and_each_is_predicted_by_the_row_before_it() {
        // Given: the longer one comes first in the batch
        TokenSequence shorter = new TokenSequence(new int[] {11, 12, 13, 14}, 2);
        TokenSequence longer = new TokenSequence(new int[] {21, 22, 23, 24, 25, 26}, 4);

        // When
        TokenBatch batch = TokenBatch.of(List.of(shorter, longer), SCORES_MAX);

        // Then: 21 22 23 24 25 | 11 12 13, where 24 predicts 25, 25 predicts 26, 12 predicts 13, 13 predicts 14
        assertThat(batch.used()).isEqualTo(8);
        assertThat(batch.tokens()).startsWith(21, 22, 23, 24, 25, 11, 12, 13).endsWith(0);
        assertThat(batch.labelRows()).containsExactly(3, 4, 6, 7);
        assertThat(batch.targets()).containsExactly(25, 26, 13, 14);
        assertThat(batch.sequences()).containsExactly(1, 1, 0, 0);
    }

    @Test
    void a_sequence_in_a_pack_costs_what_it_costs_alone() {
        // Given
        List<TokenSequence> sequences =
                IntStream.range(0, 4).mapToObj(TinyLlama::sequence).toList();

        // When
        List<List<Double>> packed = bySequence(sequences);

        // Then
        for (int i = 0; i < sequences.size(); i++) {
            List<Double> alone = bySequence(List.of(sequences.get(i))).getFirst();
            assertThat(packed.get(i)).hasSameSizeAs(alone);
            for (int t = 0; t < alone.size(); t++) {
                assertThat(packed.get(i).get(t)).isCloseTo(alone.get(t), within(1e-5));
            }
        }
    }

    @Test
    void what_a_neighbour_says_changes_no_bit_of_a_sequences_cost() {
        // Given: the same lengths, other tokens before and after
        TokenSequence first = TinyLlama.sequence(0);
        TokenSequence middle = TinyLlama.sequence(3);
        TokenSequence last = TinyLlama.sequence(1);

        // When
        List<List<Double>> one = bySequence(List.of(first, middle, last));
        List<List<Double>> two = bySequence(List.of(turned(first), middle, turned(last)));

        // Then
        assertThat(two.get(1)).isEqualTo(one.get(1));
        assertThat(two.get(0)).isNotEqualTo(one.get(0));
        assertThat(two.get(2)).isNotEqualTo(one.get(2));
    }

    @Test
    void a_neighbour_that_does_not_count_adds_nothing_to_the_gradient() {
        // Given
        List<TokenSequence> sequences = List.of(TinyLlama.sequence(0), TinyLlama.sequence(3), TinyLlama.sequence(1));
        List<TokenSequence> others =
                List.of(turned(TinyLlama.sequence(0)), TinyLlama.sequence(3), turned(TinyLlama.sequence(1)));

        // When: only the middle one counts
        AdapterParameters one = gradient(sequences, 1);
        AdapterParameters two = gradient(others, 1);

        // Then
        assertThat(two.modules()).isEqualTo(one.modules());
    }

    private List<List<Double>> bySequence(List<TokenSequence> sequences) {
        TokenBatch batch = TokenBatch.of(sequences, SCORES_MAX);
        double[] nats = decoder.score(batch, Optional.of(adapter));
        List<List<Double>> costs = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) costs.add(new ArrayList<>());
        for (int label = 0; label < nats.length; label++) {
            costs.get(batch.sequences()[label]).add(nats[label]);
        }
        return costs;
    }

    private AdapterParameters gradient(List<TokenSequence> sequences, int counting) {
        TokenBatch batch = TokenBatch.of(sequences, SCORES_MAX);
        AdapterParameters gradients =
                new AdapterParameters(new AdapterLayout(TinyLlama.CONFIG, TinyLlama.lora()), memory);
        decoder.learn(
                batch,
                adapter,
                nats -> IntStream.range(0, nats.length)
                        .mapToDouble(label -> batch.sequences()[label] == counting ? 1 : 0)
                        .toArray(),
                gradients);
        return gradients;
    }

    private static TokenSequence turned(TokenSequence sequence) {
        int[] tokens = sequence.tokens().clone();
        for (int t = 0; t < tokens.length; t++) tokens[t] = (tokens[t] + 7) % TinyLlama.CONFIG.vocabulary();
        return new TokenSequence(tokens, sequence.firstTarget());
    }
}
