package io.adaptermill.cli.stack;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// A running service as others can find it again: its process, and when that began, because process ids are reused.
public record Child(Service service, long pid, Instant started, int port, Path log) {
    /// Its process, unless it is gone.
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::same);
    }

    private boolean same(ProcessHandle handle) {
        return handle.info().startInstant().map(started::equals).orElse(true);
    }

    public boolean alive() {
        return process().isPresent();
    }
}
