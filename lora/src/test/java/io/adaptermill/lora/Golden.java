package io.adaptermill.lora;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/// The golden files, made by `src/test/golden/make_golden.py` from other people's programs.
public final class Golden {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Golden() {}

    /// A golden file or folder, such as `tiny-q4_1.gguf`, the smallest model there is.
    public static Path path(String name) {
        try {
            return Path.of(Objects.requireNonNull(Golden.class.getResource("/golden/" + name), name)
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// SmolLM2-135M-Instruct in Q4_1, where it is: `-Dadaptermill.test.model`, else where `./adaptermill test` puts it.
    public static Optional<Path> realModel() {
        Path cached = Path.of(System.getProperty("user.home"), ".cache", "adaptermill", "models")
                .resolve("SmolLM2-135M-Instruct.Q4_1.gguf");
        String named = System.getProperty("adaptermill.test.model", "");
        return Optional.of(named.isEmpty() ? cached : Path.of(named)).filter(Files::isRegularFile);
    }

    public static JsonNode json(String name) {
        try {
            return JSON.readTree(path(name).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String sha256(MemorySegment bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.asByteBuffer());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
