package io.adaptermill.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// The real language model, for tests that need one: SmolLM2-135M-Instruct as GGUF.
public final class TestModel {
    /// Names another file than the cached one.
    public static final String PROPERTY = "adaptermill.test.model";

    private static final String FILE = "SmolLM2-135M-Instruct.Q4_1.gguf";

    private TestModel() {}

    /// Skips the test where the file is missing; `./adaptermill test` always fetches it first.
    public static Path path() {
        String named = System.getProperty(PROPERTY, "");
        Path path = named.isEmpty() ? cached() : Path.of(named);
        Assumptions.assumeTrue(
                Files.isRegularFile(path),
                () -> "no model at " + path + ": run `./adaptermill test`, which fetches it, or give -D" + PROPERTY
                        + "=FILE.gguf");
        return path;
    }

    private static Path cached() {
        return Path.of(System.getProperty("user.home"), ".cache", "adaptermill", "models", FILE);
    }
}
