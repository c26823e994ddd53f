package io.adaptermill.artifacts;

import java.nio.file.Path;

/// A file is not what its format says: truncated, inconsistent, out of bounds, or poisoned on purpose.
///
/// *When raised*: on reading, before any byte of the file reaches a model. *What to do*: never retry; refuse the file,
/// keep what was loaded before, and fetch or write the file again.
public final class MalformedFile extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /// @param file which file
    /// @param offset byte at which the contradiction stands
    /// @param problem what is wrong there, expected and actual
    /// @param next what to do about it
    public MalformedFile(Path file, long offset, String problem, String next) {
        super("%s at byte %d: %s; %s".formatted(file, offset, problem, next));
    }

    /// A contradiction of the file as a whole.
    public MalformedFile(Path file, String problem, String next) {
        super("%s: %s; %s".formatted(file, problem, next));
    }
}
