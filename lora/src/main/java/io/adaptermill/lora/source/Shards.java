package io.adaptermill.lora.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.safetensors.SafetensorsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The safetensors files of a folder: one, or several with an index that says which tensor is where.
final class Shards implements AutoCloseable {
    private static final long INDEX_BYTES_MAX = 64 << 20;
    private static final String NEXT = "download the model's folder again";

    private final Path folder;
    private final Map<String, SafetensorsFile> files = new TreeMap<>();
    private final Map<String, SafetensorsFile> byTensor = new TreeMap<>();

    private Shards(Path folder) {
        this.folder = folder;
    }

    static Shards open(Path folder) {
        Shards shards = new Shards(folder);
        try {
            Path single = folder.resolve("model.safetensors");
            Path index = folder.resolve("model.safetensors.index.json");
            if (Files.isRegularFile(single)) shards.addAll(single.getFileName().toString());
            else if (Files.isRegularFile(index)) shards.addIndexed(JsonFile.read(index, INDEX_BYTES_MAX));
            else throw new MalformedFile(folder, "model.safetensors is missing, and so is its index", NEXT);
            return shards;
        } catch (RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    /// @throws MalformedFile if no file has it
    SafetensorsFile fileOf(String tensor) {
        SafetensorsFile file = byTensor.get(tensor);
        if (file == null) throw new MalformedFile(folder, "tensor " + tensor + " is missing", NEXT);
        return file;
    }

    /// Every tensor's name.
    Set<String> names() {
        return Collections.unmodifiableSet(byTensor.keySet());
    }

    @Override
    public void close() {
        files.values().forEach(SafetensorsFile::close);
    }

    private void addAll(String name) {
        SafetensorsFile file = shard(name);
        file.tensors().keySet().forEach(tensor -> byTensor.put(tensor, file));
    }

    private void addIndexed(JsonFile index) {
        JsonNode weights = index.root().path("weight_map");
        for (Map.Entry<String, JsonNode> entry : weights.properties()) {
            String name = entry.getValue().asText();
            if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")) {
                throw index.malformed("a shard must be a plain file name, was \"" + name + "\"");
            }
            SafetensorsFile file = shard(name);
            file.entry(entry.getKey());
            byTensor.put(entry.getKey(), file);
        }
    }

    private SafetensorsFile shard(String name) {
        return files.computeIfAbsent(name, missing -> SafetensorsFile.map(folder.resolve(missing)));
    }
}
