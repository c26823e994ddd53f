package io.adaptermill.lora.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.merge.MergedBase;
import io.adaptermill.lora.merge.MergedStorage;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.quant.FrozenTensor;
import io.adaptermill.lora.source.BaseStorage;
import io.adaptermill.lora.source.ModelFiles;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A 4-bit base with an adapter in its weights, written and read again.
class ModelFolderTest {
    private static final Path BASE = Golden.path("tiny-bf16");
    private static final String Q = "model.layers.1.self_attn.q_proj";

    @TempDir
    Path folder;

    @Test
    void a_written_model_is_read_as_the_one_that_was_written() throws IOException {
        try (Checkpoint base = ModelFiles.at(BASE).readCheckpoint(BaseStorage.NF4_DOUBLED);
                MergedBase merged = MergedBase.of(base, adapter(), MergedStorage.DENSE)) {
            // When
            ModelFolder.write(merged.checkpoint(), BASE, Precision.F32, folder);
            ModelFolder.write(merged.checkpoint(), BASE, Precision.BF16, folder.resolve("half"));

            // Then
            try (Checkpoint read = ModelFiles.at(folder).readCheckpoint(BaseStorage.AS_STORED);
                    Checkpoint half = ModelFiles.at(folder.resolve("half")).readCheckpoint(BaseStorage.AS_STORED)) {
                assertThat(read.tensors().keySet())
                        .isEqualTo(merged.checkpoint().tensors().keySet());
                merged.checkpoint().tensors().forEach((name, tensor) -> {
                    assertThat(floats(read.tensor(name))).as(name).isEqualTo(floats(tensor));
                    assertThat(brains(half.tensor(name))).as(name).isEqualTo(brains(tensor));
                });
                assertThat(half.tensor(Q + ".weight").storage()).isEqualTo("bf16");
            }
        }
        assertThat(Files.readString(folder.resolve("config.json"))).contains("\"float32\"");
        assertThat(folder.resolve("tokenizer.json")).hasSameBinaryContentAs(BASE.resolve("tokenizer.json"));
    }

    @Test
    void a_folder_of_another_model_is_not_taken_for_its_configuration() {
        try (Checkpoint base = ModelFiles.at(BASE).readCheckpoint(BaseStorage.AS_STORED)) {
            assertThatThrownBy(() -> ModelFolder.write(
                            base, Golden.path("architectures").resolve("qwen3"), Precision.F32, folder))
                    .hasMessageContaining("describes another model");
        }
        assertThat(folder).isEmptyDirectory();
    }

    private static Adapter adapter() {
        TreeMap<String, LowRank> modules = new TreeMap<>();
        modules.put(Q, new LowRank(numbers(2, 64), numbers(64, 2)));
        return new Adapter(new LoraConfig(2, 4, new TreeSet<>(List.of("q_proj"))), modules, Optional.empty());
    }

    private static FloatTensor numbers(int rows, int columns) {
        CounterRandom random = new CounterRandom(rows, "numbers");
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) values[i] = 0.2f * random.symmetric(i);
        return new FloatTensor(rows, columns, values);
    }

    private static float[] floats(FrozenTensor tensor) {
        MemorySegment out = Arena.ofAuto().allocate(4L * tensor.rows() * tensor.columns(), 64);
        tensor.readFloats(0, tensor.rows(), out, 0);
        return out.toArray(ValueLayout.JAVA_FLOAT);
    }

    private static short[] brains(FrozenTensor tensor) {
        MemorySegment out = Arena.ofAuto().allocate(2L * tensor.rows() * tensor.columns(), 64);
        tensor.readBrainFloats(0, tensor.rows(), out, 0);
        return out.toArray(ValueLayout.JAVA_SHORT);
    }
}
