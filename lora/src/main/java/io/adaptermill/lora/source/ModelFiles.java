package io.adaptermill.lora.source;

import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.text.TextCodec;
import java.nio.file.Files;
import java.nio.file.Path;

/// The files of a base model: what to open, whatever format it has.
public sealed interface ModelFiles permits GgufModel, HuggingFaceFolder {
    /// @param path a `.gguf` file, or a folder with `config.json`, safetensors and `tokenizer.json`
    /// @throws IllegalArgumentException if it is neither, saying what was looked for
    static ModelFiles at(Path path) {
        if (Files.isRegularFile(path)) return new GgufModel(path);
        if (Files.isRegularFile(path.resolve("config.json"))) return new HuggingFaceFolder(path);
        throw new IllegalArgumentException("no model at " + path.toAbsolutePath()
                + ": expected a GGUF file, or a Hugging Face folder with config.json; check the path");
    }

    /// Reads a model's shape alone.
    ///
    /// @param path as in [#at], or a `config.json`
    /// @throws IllegalArgumentException if it is none of them
    static ModelConfig config(Path path) {
        boolean json = Files.isRegularFile(path) && path.toString().endsWith(".json");
        if (json) return HuggingFaceConfig.read(JsonFile.read(path, HuggingFaceFolder.CONFIG_BYTES_MAX));
        return at(path).readConfig();
    }

    /// Reads the configuration alone.
    ///
    /// @throws io.adaptermill.artifacts.MalformedFile if it contradicts itself
    ModelConfig readConfig();

    /// Reads configuration and weights; the caller closes the result.
    ///
    /// @throws io.adaptermill.artifacts.MalformedFile if the files contradict themselves or the configuration
    Checkpoint readCheckpoint(BaseStorage storage);

    /// Reads tokenizer and chat template; the caller closes the result.
    ///
    /// @throws io.adaptermill.artifacts.MalformedFile as above
    TextCodec readText();
}
