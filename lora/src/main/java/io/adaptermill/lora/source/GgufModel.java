package io.adaptermill.lora.source;

import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.lora.gguf.GgufFile;
import io.adaptermill.lora.gguf.GgufTensor;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.quant.BlockTensor;
import io.adaptermill.lora.quant.DenseTensor;
import io.adaptermill.lora.quant.FrozenTensor;
import io.adaptermill.lora.quant.GroupedTensor;
import io.adaptermill.lora.text.TextCodec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/// A base model in one GGUF file.
///
/// @param file the file
public record GgufModel(Path file) implements ModelFiles {
    @Override
    public ModelConfig readConfig() {
        try (GgufFile gguf = GgufFile.map(file)) {
            return GgufConfig.read(gguf);
        }
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // the checkpoint closes its memory
    public Checkpoint readCheckpoint(BaseStorage storage) {
        Arena memory = Arena.ofShared();
        try (GgufFile gguf = GgufFile.map(file)) {
            ModelConfig config = GgufConfig.read(gguf);
            TensorLoader loader = new TensorLoader(file, storage, memory);
            SequencedMap<String, FrozenTensor> tensors = new LinkedHashMap<>();
            config.tensors().forEach((name, shape) -> tensors.put(name, load(gguf, config, loader, name, shape)));
            requireNoOthers(gguf, config);
            return new Checkpoint(config, tensors, memory);
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    @Override
    public TextCodec readText() {
        try (GgufFile gguf = GgufFile.map(file)) {
            return GgufText.read(gguf);
        }
    }

    /// As for a folder: what would not be computed is refused.
    private static void requireNoOthers(GgufFile gguf, ModelConfig config) {
        Set<String> known = new HashSet<>();
        config.tensors().keySet().forEach(name -> known.add(GgufNames.of(name)));
        known.add(GgufRope.DIVISORS);
        for (String name : gguf.tensors().keySet()) {
            if (known.contains(name)) continue;
            throw GgufConfig.unsupported(
                    gguf, "tensor " + name + " has no place in the model that the metadata describes");
        }
    }

    private FrozenTensor load(
            GgufFile gguf, ModelConfig config, TensorLoader loader, String name, ModelConfig.Shape shape) {
        String stored = GgufNames.of(name);
        GgufTensor tensor = gguf.tensors().get(stored);
        if (tensor == null || tensor.rows() != shape.rows() || tensor.columns() != shape.columns()) {
            String problem = "tensor %s must be %d x %d by the file's configuration, was %s"
                    .formatted(
                            stored,
                            shape.rows(),
                            shape.columns(),
                            tensor == null ? "absent" : tensor.rows() + " x " + tensor.columns());
            throw new MalformedFile(file, problem, "convert the model again");
        }
        MemorySegment data = GgufRotaryOrder.of(gguf).restore(name, config, tensor);
        int rows = tensor.rows();
        int columns = tensor.columns();
        return switch (tensor.type()) {
            case F32 -> loader.dense(name, rows, columns, DenseTensor.Format.F32, data);
            case F16 -> loader.dense(name, rows, columns, DenseTensor.Format.F16, data);
            case BF16 -> loader.dense(name, rows, columns, DenseTensor.Format.BF16, data);
            case Q4_0 -> loader.blocks(name, rows, columns, BlockTensor.Format.Q4_0, data);
            case Q4_1 -> loader.blocks(name, rows, columns, BlockTensor.Format.Q4_1, data);
            case Q8_0 -> loader.blocks(name, rows, columns, BlockTensor.Format.Q8_0, data);
            case Q5_0 -> loader.blocks(name, rows, columns, GroupedTensor.Format.Q5_0, data);
            case Q5_1 -> loader.blocks(name, rows, columns, GroupedTensor.Format.Q5_1, data);
            case Q4_K -> loader.blocks(name, rows, columns, GroupedTensor.Format.Q4_K, data);
            case Q5_K -> loader.blocks(name, rows, columns, GroupedTensor.Format.Q5_K, data);
            case Q6_K -> loader.blocks(name, rows, columns, GroupedTensor.Format.Q6_K, data);
        };
    }
}
