package io.adaptermill.lora.source;

import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.safetensors.SafetensorsFile;
import io.adaptermill.artifacts.safetensors.TensorEntry;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.quant.DenseTensor;
import io.adaptermill.lora.quant.FrozenTensor;
import io.adaptermill.lora.text.TextCodec;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// A base model as a folder of the Hugging Face hub.
///
/// @param folder with `config.json`, `model.safetensors` or shards and index, `tokenizer.json`,
/// `tokenizer_config.json`
public record HuggingFaceFolder(Path folder) implements ModelFiles {
    static final long CONFIG_BYTES_MAX = 4 << 20;

    @Override
    public ModelConfig readConfig() {
        return HuggingFaceConfig.read(JsonFile.read(folder.resolve("config.json"), CONFIG_BYTES_MAX));
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // the checkpoint closes its memory
    public Checkpoint readCheckpoint(BaseStorage storage) {
        Arena memory = Arena.ofShared();
        try (Shards shards = Shards.open(folder)) {
            ModelConfig config = readConfig();
            TensorLoader loader = new TensorLoader(folder, storage, memory);
            return new Checkpoint(config, loadAll(config, shards, loader), memory);
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    @Override
    public TextCodec readText() {
        return HuggingFaceText.read(folder);
    }

    /// On all cores: quantising is the longest part of a start. Shapes are checked before and in order, so
    /// that the same folder is always refused with the same reason.
    private static SequencedMap<String, FrozenTensor> loadAll(ModelConfig config, Shards shards, TensorLoader loader) {
        config.tensors().forEach((name, shape) -> requireShape(shards, name, shape));
        requireNoOthers(shards, config);
        Map<String, FrozenTensor> loaded = config.tensors().entrySet().parallelStream()
                .collect(Collectors.toConcurrentMap(
                        Map.Entry::getKey, entry -> load(shards, loader, entry.getKey(), entry.getValue())));
        SequencedMap<String, FrozenTensor> ordered = new LinkedHashMap<>();
        config.tensors().keySet().forEach(name -> ordered.put(name, Objects.requireNonNull(loaded.get(name))));
        return ordered;
    }

    /// A tensor that the configuration has no place for is a part of the model that would not be computed.
    /// Old folders also keep the rotary frequencies, and some a copy of a tied head: both follow from the
    /// rest.
    private static void requireNoOthers(Shards shards, ModelConfig config) {
        for (String name : shards.names()) {
            boolean derived = name.endsWith(".rotary_emb.inv_freq") || name.equals(Checkpoint.HEAD);
            if (derived || config.tensors().containsKey(name)) continue;
            throw new MalformedFile(
                    shards.fileOf(name).file(),
                    "tensor " + name + " has no place in the model that config.json describes",
                    "use a plain language model of a known architecture (lora/README.md says which)");
        }
    }

    private static void requireShape(Shards shards, String name, ModelConfig.Shape shape) {
        SafetensorsFile file = shards.fileOf(name);
        TensorEntry entry = file.entry(name);
        boolean vector = shape.rows() == 1;
        List<Long> expected =
                vector ? List.of((long) shape.columns()) : List.of((long) shape.rows(), (long) shape.columns());
        if (!entry.shape().equals(expected)) {
            String problem =
                    "tensor %s must have shape %s by config.json, has %s".formatted(name, expected, entry.shape());
            throw new MalformedFile(file.file(), problem, "download the model's folder again");
        }
    }

    private static FrozenTensor load(Shards shards, TensorLoader loader, String name, ModelConfig.Shape shape) {
        SafetensorsFile file = shards.fileOf(name);
        TensorEntry entry = file.entry(name);
        DenseTensor.Format format = switch (entry.dtype()) {
            case F32 -> DenseTensor.Format.F32;
            case F16 -> DenseTensor.Format.F16;
            case BF16 -> DenseTensor.Format.BF16;
        };
        return loader.dense(name, shape.rows(), shape.columns(), format, file.bytes(name));
    }
}
