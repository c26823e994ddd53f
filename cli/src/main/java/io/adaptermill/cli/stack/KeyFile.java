package io.adaptermill.cli.stack;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Files of keys that a deployment may have: its services are told of them, and some commands need the same.
public enum KeyFile {
    /// The key-encryption key, if this deployment seals what people said.
    SEAL("seal"),
    /// The private key that artifacts are signed with.
    SIGN("sign"),
    /// The public key that artifacts must be signed by to serve.
    VERIFY("verify");

    private final String use;

    KeyFile(String use) {
        this.use = use;
    }

    /// As the services spell it.
    public String variable() {
        return "ADAPTERMILL_" + name() + "_KEY";
    }

    /// The same as a system property, for whoever runs commands inside of a program.
    public String property() {
        return "adaptermill." + use + "-key";
    }

    /// An absolute path: services run in other folders.
    public Optional<String> path() {
        return Optional.ofNullable(System.getProperty(property()))
                .or(() -> Optional.ofNullable(System.getenv(variable())))
                .filter(file -> !file.isBlank())
                .map(file -> Path.of(file).toAbsolutePath().toString());
    }

    /// For whoever starts a process that needs them.
    static Map<String, String> environment() {
        return EnumSet.allOf(KeyFile.class).stream()
                .filter(key -> key.path().isPresent())
                .collect(Collectors.toMap(KeyFile::variable, key -> key.path().orElseThrow()));
    }
}
