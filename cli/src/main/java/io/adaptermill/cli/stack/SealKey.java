package io.adaptermill.cli.stack;

import java.nio.file.Path;
import java.util.Optional;

/// Where the key-encryption key lies, if this deployment seals what people said: services and commands need
/// the same.
public final class SealKey {
    /// As the services spell it.
    public static final String VARIABLE = "ADAPTERMILL_SEAL_KEY";

    /// The same as a system property, for whoever runs commands inside of a program.
    public static final String PROPERTY = "adaptermill.seal-key";

    private SealKey() {}

    /// An absolute path: services run in other folders.
    public static Optional<String> file() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .or(() -> Optional.ofNullable(System.getenv(VARIABLE)))
                .filter(file -> !file.isBlank())
                .map(file -> Path.of(file).toAbsolutePath().toString());
    }
}
