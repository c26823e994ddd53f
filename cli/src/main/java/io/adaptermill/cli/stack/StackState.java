package io.adaptermill.cli.stack;

import io.adaptermill.schemas.EventJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What `up` leaves behind for `status`, `down` and all that talk to the stack: one small file.
public record StackState(Instant started, Path folder, Path model, String kafka, List<Child> children) {
    public StackState {
        children = List.copyOf(children);
    }

    public static Path file(Path root) {
        return root.resolve(".adaptermill").resolve("stack.json");
    }

    public static Optional<StackState> read(Path root) {
        try {
            return Optional.of(EventJson.read(Files.readAllBytes(file(root)), StackState.class));
        } catch (java.nio.file.NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void write(Path root) {
        try {
            Path file = file(root);
            Files.createDirectories(file.getParent());
            Path next = Files.createTempFile(file.getParent(), "stack", ".tmp");
            Files.write(next, EventJson.write(this));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void remove(Path root) {
        try {
            Files.deleteIfExists(file(root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<Child> child(Service service) {
        return children.stream().filter(child -> child.service() == service).findFirst();
    }

    public URI url(Service service) {
        int port = child(service).map(Child::port).orElseGet(service::portPreferred);
        return URI.create("http://localhost:" + port);
    }

    public boolean running() {
        return children.stream().anyMatch(Child::alive);
    }
}
