package io.adaptermill.lora.source;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.adaptermill.artifacts.MalformedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// One of a folder's JSON files, at most as large as such a file can honestly be.
///
/// @param path which file, for messages
record JsonFile(Path path, JsonNode root) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final String NEXT = "download the model's folder again";

    static JsonFile read(Path path, long bytesMax) {
        try {
            long size = Files.size(path);
            if (size > bytesMax) {
                throw new MalformedFile(
                        path, "the file has " + size + " bytes, at most " + bytesMax + " are read", NEXT);
            }
            JsonNode root = JSON.readTree(Files.readAllBytes(path));
            if (root == null || !root.isObject()) throw new MalformedFile(path, "a JSON object expected", NEXT);
            return new JsonFile(path, root);
        } catch (IOException e) {
            throw new MalformedFile(path, "cannot be read as JSON: " + e.getMessage(), NEXT);
        }
    }

    static Optional<JsonFile> find(Path path, long bytesMax) {
        return Files.isRegularFile(path) ? Optional.of(read(path, bytesMax)) : Optional.empty();
    }

    int positive(String key) {
        return findPositive(key).orElseThrow(() -> malformed(key + " must be a positive integer, was absent"));
    }

    Optional<Integer> findPositive(String key) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) return Optional.empty();
        if (!node.canConvertToInt() || !node.isIntegralNumber() || node.intValue() < 1) {
            throw malformed(key + " must be a positive integer, was " + node);
        }
        return Optional.of(node.intValue());
    }

    /// @throws MalformedFile if it is absent or no number
    double real(String key) {
        return findReal(key).orElseThrow(() -> malformed(key + " must be a number, was absent"));
    }

    Optional<Double> findReal(String key) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) return Optional.empty();
        if (!node.isNumber()) throw malformed(key + " must be a number, was " + node);
        return Optional.of(node.doubleValue());
    }

    boolean flag(String key, boolean otherwise) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) return otherwise;
        if (!node.isBoolean()) throw malformed(key + " must be true or false, was " + node);
        return node.booleanValue();
    }

    /// A setting that is honest, but that we cannot compute.
    MalformedFile unsupported(String problem) {
        return new MalformedFile(
                path,
                problem,
                "use a llama, Mistral, Qwen2 or Qwen3 model without it (lora/README.md says what loads)");
    }

    MalformedFile malformed(String problem) {
        return new MalformedFile(path, problem, NEXT);
    }
}
