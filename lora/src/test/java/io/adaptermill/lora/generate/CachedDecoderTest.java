package io.adaptermill.lora.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.Routing;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Lanes;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.RowPool;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CachedDecoderTest {
    private static final int VOCABULARY = TinyLlama.CONFIG.vocabulary();
    private static final int CONTEXT = 64;

    private final Checkpoint checkpoint = TinyLlama.checkpoint();
    private final RowPool pool = new RowPool(1);
    private final CachedDecoder decoder = new CachedDecoder(checkpoint, 32, CONTEXT, pool);

    @AfterEach
    void close() {
        pool.close();
        checkpoint.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void token_by_token_gives_the_logits_of_the_whole_sequence_at_once(boolean adapted) {
        for (int index = 0; index < 4; index++) {
            // Given
            TokenSequence sequence = TinyLlama.sequence(index);
            float[][] expected =
                    trainersLogits(sequence, adapted ? Optional.of(TinyLlama.adapter(2)) : Optional.empty());

            // When
            float[][] actual = oneByOne(sequence.tokens(), loaded(adapted));

            // Then: float32 on both sides, atol 2e-4 at logits of order 1
            for (int t = 0; t < expected.length; t++) {
                assertThat(actual[t]).containsExactly(expected[t], within(2e-4f));
            }
        }
    }

    @Test
    void modules_of_different_ranks_and_scales_give_the_trainers_logits() {
        // Given
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>(Map.of("layers.1.self_attn.k_proj", 7));
        SequencedMap<String, Double> alphas = new LinkedHashMap<>(Map.of("down_proj", 3.0));
        LoraConfig plain = TinyLlama.lora();
        LoraConfig config = new LoraConfig(plain.rank(), plain.alpha(), plain.targets(), true, ranks, alphas);
        Adapter adapter = TinyLlama.adapter(config, 2);

        // When, Then
        assertDecodedAsTrained(adapter);
    }

    @Test
    void rows_with_lengths_of_their_own_give_the_trainers_logits() {
        // Given
        Adapter plain = TinyLlama.adapter(2);
        SortedMap<String, FloatTensor> magnitudes = new TreeMap<>();
        plain.modules().forEach((path, module) -> {
            float[] lengths = new float[module.out()];
            for (int o = 0; o < lengths.length; o++) lengths[o] = 1 + 0.1f * (o % 7);
            magnitudes.put(path, new FloatTensor(lengths.length, 1, lengths));
        });

        // When, Then
        assertDecodedAsTrained(
                new Adapter(plain.config(), plain.modules(), Optional.empty(), magnitudes, Optional.empty()));
    }

    @Test
    void a_mixture_of_experts_gives_the_trainers_logits() {
        // Given
        Adapter plain = TinyLlama.adapter(2);
        SortedMap<String, FloatTensor> routers = new TreeMap<>();
        plain.modules().forEach((path, module) -> {
            float[] scores = new float[4 * module.in()];
            CounterRandom random = new CounterRandom(3, path);
            for (int i = 0; i < scores.length; i++) scores[i] = random.symmetric(i);
            routers.put(path, new FloatTensor(4, module.in(), scores));
        });

        // When, Then
        assertDecodedAsTrained(new Adapter(
                plain.config(),
                plain.modules(),
                Optional.empty(),
                Collections.emptySortedMap(),
                Optional.of(new Routing(2, routers))));
    }

    private void assertDecodedAsTrained(Adapter adapter) {
        TokenSequence sequence = TinyLlama.sequence(0);
        float[][] actual = oneByOne(sequence.tokens(), Optional.of(LoadedAdapter.of(adapter, checkpoint)));
        float[][] expected = trainersLogits(sequence, Optional.of(adapter));
        for (int t = 0; t < expected.length; t++) {
            assertThat(actual[t]).containsExactly(expected[t], within(5e-4f));
        }
    }

    @Test
    void a_prompt_read_at_once_gives_the_very_bits_of_one_read_token_by_token() {
        // Given
        int[] tokens = TinyLlama.sequence(0).tokens();
        float[][] expected = oneByOne(tokens, loaded(true));
        KeyValues memory = decoder.newMemory(CONTEXT);
        List<StepRow> rows = new ArrayList<>();
        for (int t = 0; t < tokens.length; t++) rows.add(new StepRow(tokens[t], t, memory, loaded(true), true));

        // When
        float[] logits = decoder.forward(rows);

        // Then
        for (int t = 0; t < tokens.length; t++) {
            assertThat(row(logits, t)).containsExactly(expected[t]);
        }
    }

    @Test
    void a_row_has_the_same_bits_whatever_shares_its_batch_and_however_many_threads_compute() {
        // Given: three conversations of different lengths, two adapters and the bare base
        List<Optional<LoadedAdapter>> adapters =
                List.of(Optional.empty(), loaded(2), loaded(3), Optional.empty(), loaded(3));
        List<float[][]> alone = new ArrayList<>();
        for (int i = 0; i < adapters.size(); i++) alone.add(oneByOne(tokens(i), adapters.get(i)));

        // When
        try (RowPool threads = new RowPool(2)) {
            CachedDecoder shared = new CachedDecoder(checkpoint, 32, CONTEXT, threads);
            List<KeyValues> memories =
                    adapters.stream().map(adapter -> shared.newMemory(CONTEXT)).toList();
            for (int t = 0; t < 7; t++) {
                List<StepRow> rows = new ArrayList<>();
                for (int i = 0; i < adapters.size(); i++) {
                    rows.add(new StepRow(tokens(i)[t], t, memories.get(i), adapters.get(i), true));
                }
                float[] logits = shared.forward(rows);

                // Then
                for (int i = 0; i < adapters.size(); i++) {
                    assertThat(row(logits, i)).containsExactly(alone.get(i)[t]);
                }
            }
        }
    }

    @Test
    void an_adapter_changes_what_is_said_and_leaves_the_base_alone() {
        // Given
        int[] tokens = TinyLlama.sequence(0).tokens();
        float[][] before = oneByOne(tokens, Optional.empty());

        // When
        float[][] adapted = oneByOne(tokens, loaded(true));

        // Then
        assertThat(adapted[3]).isNotEqualTo(before[3]);
        assertThat(oneByOne(tokens, Optional.empty())).isDeepEqualTo(before);
    }

    private static int[] tokens(int conversation) {
        return TinyLlama.sequence(conversation % 4).tokens();
    }

    private Optional<LoadedAdapter> loaded(boolean adapted) {
        return adapted ? loaded(2) : Optional.empty();
    }

    private Optional<LoadedAdapter> loaded(long seed) {
        return Optional.of(LoadedAdapter.of(TinyLlama.adapter(seed), checkpoint));
    }

    private float[][] oneByOne(int[] tokens, Optional<LoadedAdapter> adapter) {
        KeyValues memory = decoder.newMemory(CONTEXT);
        float[][] logits = new float[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            logits[t] = row(decoder.forward(List.of(new StepRow(tokens[t], t, memory, adapter, true))), 0);
        }
        return logits;
    }

    private static float[] row(float[] logits, int row) {
        return java.util.Arrays.copyOfRange(logits, row * VOCABULARY, (row + 1) * VOCABULARY);
    }

    /// What the trainer's decoder, which PEFT's own numbers check, makes of the sequence.
    private float[][] trainersLogits(TokenSequence sequence, Optional<Adapter> update) {
        try (FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);
                Kernels kernels = Kernels.open(Precision.F32, 1);
                Workspace memory = new Workspace();
                Decoder whole = new Decoder(base, kernels)) {
            Optional<AdapterLayers> adapter = update.map(one -> AdapterLayers.of(one, base, kernels, memory));
            TokenBatch batch = TokenBatch.of(List.of(new TokenSequence(sequence.tokens(), 1)), 1 << 20);
            Lanes floats = Precision.F32.lanes();
            var logits = whole.logits(batch, adapter);
            float[][] rows = new float[sequence.rows()][VOCABULARY];
            for (int t = 0; t < rows.length; t++) {
                for (int v = 0; v < VOCABULARY; v++) {
                    rows[t][v] = floats.get(logits.memory(), (long) t * logits.columns() + v);
                }
            }
            return rows;
        }
    }
}
