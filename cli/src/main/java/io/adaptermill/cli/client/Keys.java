package io.adaptermill.cli.client;

import com.fasterxml.jackson.core.type.TypeReference;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// API keys of this machine's own tenants, in a file that only its user reads.
public final class Keys {
    private static final TypeReference<TreeMap<String, String>> TYPE = new TypeReference<>() {};
    private final Path file;

    public Keys(Path file) {
        this.file = file;
    }

    public Optional<String> of(TenantId tenant) {
        return Optional.ofNullable(read().get(tenant.value()));
    }

    public void put(TenantId tenant, String key) {
        Map<String, String> keys = read();
        keys.put(tenant.value(), key);
        try {
            Files.createDirectories(file.getParent());
            Path next = Files.createTempFile(
                    file.getParent(),
                    "keys",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(next, EventJson.write(keys));
            Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> read() {
        try {
            return Files.exists(file) ? EventJson.mapper().readValue(file.toFile(), TYPE) : new TreeMap<>();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
