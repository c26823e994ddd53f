package io.adaptermill.lora.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.Routing;
import io.adaptermill.artifacts.exchange.PeftFolder;
import io.adaptermill.artifacts.safetensors.SafetensorsFile;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.quant.BlockTensor;
import io.adaptermill.lora.quant.DenseTensor;
import io.adaptermill.lora.quant.FourBitCode;
import io.adaptermill.lora.quant.FourBitQuantiser;
import io.adaptermill.lora.quant.FrozenTensor;
import io.adaptermill.lora.source.BaseStorage;
import io.adaptermill.lora.source.ModelFiles;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.testkit.Parity;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Against PEFT's `merge_and_unload` and gguf's quantiser (`make_merged_golden.py`).
class MergedBaseTest {
    private static final JsonNode GOLDEN = Golden.json("merged-base.json");
    private static final String Q = "model.layers.0.self_attn.q_proj";

    @TempDir
    Path folder;

    private final Checkpoint base = TinyLlama.checkpoint();
    private final Adapter adapter = TinyLlama.adapter(2);

    @AfterEach
    void close() {
        base.close();
    }

    @Test
    void a_dense_merge_has_the_weights_of_peft_and_its_logits() {
        assertMergedAs(GOLDEN, adapter, "dense");
    }

    @Test
    void rows_get_the_lengths_that_dora_gives_them_as_in_peft() {
        assertMergedAs(GOLDEN.path("dora"), dora(), "dora");
    }

    @Test
    void a_dora_folder_has_the_tensors_of_pefts() {
        // When
        PeftFolder.write(dora(), "sha256:00", folder);

        // Then
        Map<String, List<Long>> shapes = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.map(folder.resolve("adapter_model.safetensors"))) {
            file.tensors()
                    .keySet()
                    .forEach(name -> shapes.put(name, file.entry(name).shape()));
        }
        Map<String, List<Long>> expected = new TreeMap<>();
        GOLDEN.path("dora").path("tensors").properties().forEach(entry -> {
            List<Long> shape = new ArrayList<>();
            entry.getValue().forEach(size -> shape.add(size.asLong()));
            expected.put(entry.getKey(), shape);
        });
        assertThat(shapes).isEqualTo(expected);
    }

    @Test
    void a_mixture_is_in_no_weights() {
        // Given
        SortedMap<String, FloatTensor> routers = new TreeMap<>();
        adapter.modules().forEach((path, module) -> routers.put(path, FloatTensor.zeros(2, module.in())));
        Adapter mixture = new Adapter(
                adapter.config(),
                adapter.modules(),
                Optional.empty(),
                new TreeMap<>(),
                Optional.of(new Routing(2, routers)));

        // When, Then
        assertThatThrownBy(() -> MergedBase.of(base, mixture, MergedStorage.DENSE))
                .hasMessageContaining("the adapter is a mixture");
    }

    /// Rows that are a few percent longer than the base's.
    private Adapter dora() {
        SortedMap<String, FloatTensor> lengths = new TreeMap<>();
        adapter.modules().forEach((path, module) -> {
            float[] weight = floats(base.tensor(path + ".weight"));
            float[] rows = new float[module.out()];
            for (int o = 0; o < rows.length; o++) {
                double squares = 0;
                for (int j = 0; j < module.in(); j++) squares += Math.pow(weight[o * module.in() + j], 2);
                rows[o] = (float) (Math.sqrt(squares) * (1 + 0.1 * (o % 7)));
            }
            lengths.put(path, new FloatTensor(rows.length, 1, rows));
        });
        return new Adapter(adapter.config(), adapter.modules(), Optional.empty(), lengths, Optional.empty());
    }

    private void assertMergedAs(JsonNode golden, Adapter merging, String name) {
        try (MergedBase merged = MergedBase.of(base, merging, MergedStorage.DENSE)) {
            double[] largest = {0};
            golden.get("weights").properties().forEach(entry -> {
                float[] actual = floats(merged.checkpoint().tensor(entry.getKey() + ".weight"));
                assertThat(actual).hasSize(entry.getValue().size());
                for (int i = 0; i < actual.length; i++) {
                    double expected = entry.getValue().get(i).asDouble();
                    assertThat((double) actual[i]).isCloseTo(expected, within(1e-6));
                    largest[0] = Math.max(largest[0], Math.abs(actual[i] - expected));
                }
            });
            Parity.note("Merging", name + " into the base", "PEFT", "weights, absolute", largest[0], 1e-6);
            assertThat(merged.errors()).hasSize(14).allMatch(error -> error.largest() == 0);
            assertLogits(merged.checkpoint(), golden.get("logits"));
        }
    }

    @Test
    void un_merging_gives_back_the_very_blocks() {
        // Given
        String before = base.fingerprint().value();
        float[] weight = floats(base.tensor(Q + ".weight"));

        // When
        String within;
        try (MergedBase merged = MergedBase.of(base, adapter, MergedStorage.AS_BASE)) {
            within = merged.checkpoint().fingerprint().value();
        }

        // Then
        assertThat(within).isNotEqualTo(before);
        assertThat(base.fingerprint().value()).isEqualTo(before);
        assertThat(floats(base.tensor(Q + ".weight"))).isEqualTo(weight);
    }

    @Test
    void quantising_again_keeps_the_storage_and_says_what_it_cost() {
        try (Checkpoint quantised = quantised();
                MergedBase merged = MergedBase.of(quantised, adapter, MergedStorage.AS_BASE);
                MergedBase exact = MergedBase.of(quantised, adapter, MergedStorage.DENSE)) {
            for (WeightError error : merged.errors()) {
                // Given
                String name = error.module() + ".weight";
                float[] kept = floats(merged.checkpoint().tensor(name));
                float[] wanted = floats(exact.checkpoint().tensor(name));

                // Then
                assertThat(merged.checkpoint().tensor(name).storage())
                        .isEqualTo(quantised.tensor(name).storage())
                        .isEqualTo(error.storage());
                assertThat(error.relativeToWeight())
                        .isBetween(0.02, 0.2)
                        .isCloseTo(norm(kept, wanted) / norm(wanted, new float[wanted.length]), within(1e-6));
                assertThat(error.largest()).isCloseTo(largest(kept, wanted), within(1e-7));
                assertThat(error.relativeToUpdate()).isGreaterThan(0);
            }
        }
    }

    @Test
    void an_update_that_four_bits_cannot_hold_is_said_to_drown() {
        // Given
        Adapter faint = TinyLlama.adapter(2);
        faint.modules().values().forEach(module -> {
            for (int i = 0; i < module.b().values().length; i++) module.b().values()[i] *= 1e-3f;
        });

        // When
        try (Checkpoint quantised = quantised();
                MergedBase merged = MergedBase.of(quantised, faint, MergedStorage.AS_BASE)) {
            // Then
            assertThat(merged.errors()).anyMatch(WeightError::drownsUpdate);
        }
    }

    @Test
    void an_adapter_of_another_base_is_refused() {
        try (Checkpoint small = ModelFiles.at(Golden.path("tiny-q8_0.gguf")).readCheckpoint(BaseStorage.NF4_DOUBLED)) {
            assertThatThrownBy(() -> MergedBase.of(small, adapter, MergedStorage.DENSE))
                    .hasMessageContaining("is not a linear of this base model");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q4_1", "Q8_0"})
    void blocks_are_the_bytes_that_gguf_writes(BlockTensor.Format format) {
        try (Arena memory = Arena.ofConfined()) {
            // Given
            CounterRandom random = new CounterRandom(5, "weights");
            float[] numbers = new float[12 * 192];
            for (int i = 0; i < numbers.length; i++) numbers[i] = random.symmetric(i);
            java.util.Arrays.fill(numbers, 3 * 192 + 32, 3 * 192 + 64, 0);
            for (int i = 4 * 192; i < 5 * 192; i++) numbers[i] *= 1e-3f;

            // When
            BlockTensor blocks = BlockQuantiser.quantise(12, 192, format, segment(numbers, memory), memory);

            // Then
            assertThat(Golden.sha256(blocks.data()))
                    .isEqualTo(GOLDEN.path("blocks").path(format.name()).asText());
        }
    }

    /// The base with its linears in NF4, or in blocks of Q4_1 where rows are a multiple of 32 and the layer
    /// is the second.
    @SuppressWarnings("MustBeClosedChecker")
    private Checkpoint quantised() {
        Arena memory = Arena.ofShared();
        SequencedMap<String, FrozenTensor> tensors = new LinkedHashMap<>(base.tensors());
        tensors.replaceAll((name, tensor) -> {
            DenseTensor dense = (DenseTensor) tensor;
            if (!name.contains("_proj")) return dense;
            boolean blocks = name.contains("layers.1") && dense.columns() % BlockTensor.BLOCK == 0;
            return blocks
                    ? BlockQuantiser.quantise(
                            dense.rows(), dense.columns(), BlockTensor.Format.Q4_1, dense.data(), memory)
                    : new FourBitQuantiser(FourBitCode.NF4, true).quantise(dense, memory);
        });
        return new Checkpoint(base.config(), tensors, memory);
    }

    private static void assertLogits(Checkpoint checkpoint, JsonNode expected) {
        try (FrozenDecoder frozen = new FrozenDecoder(checkpoint, Precision.F32);
                Kernels kernels = Kernels.open(Precision.F32, 1);
                Decoder decoder = new Decoder(frozen, kernels)) {
            TokenBatch batch = TokenBatch.of(List.of(TinyLlama.sequence(0)), 1 << 20);
            Tensor logits = decoder.logits(batch, Optional.empty());
            for (int i = 0; i < expected.size(); i++) {
                double actual = logits.memory().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
                assertThat(actual).isCloseTo(expected.get(i).asDouble(), within(2e-4));
            }
        }
    }

    private static float[] floats(FrozenTensor tensor) {
        MemorySegment out = Arena.ofAuto().allocate(4L * tensor.rows() * tensor.columns(), 64);
        tensor.readFloats(0, tensor.rows(), out, 0);
        return out.toArray(ValueLayout.JAVA_FLOAT);
    }

    private static MemorySegment segment(float[] numbers, Arena memory) {
        return memory.allocate(4L * numbers.length, 64).copyFrom(MemorySegment.ofArray(numbers));
    }

    private static double norm(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) sum += Math.pow((double) left[i] - right[i], 2);
        return Math.sqrt(sum);
    }

    private static double largest(float[] left, float[] right) {
        double largest = 0;
        for (int i = 0; i < left.length; i++) largest = Math.max(largest, Math.abs((double) left[i] - right[i]));
        return largest;
    }
}
