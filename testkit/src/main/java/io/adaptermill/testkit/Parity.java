package io.adaptermill.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/// Notes how near our numbers come to another program's, a line each in the module's `target/parity.tsv`; of these
/// `bench/parity.sh` makes the table in `docs/PARITY.md`.
///
/// A note asserts nothing: the test that makes it does.
public final class Parity {
    private static final Path NOTES = Path.of("target", "parity.tsv");

    private Parity() {}

    /// @param kind heading of the table it goes to
    /// @param what of ours is compared
    /// @param against the other program
    /// @param measure how the difference is taken
    /// @param difference the largest that was seen; 0 means the same bits
    /// @param bar the largest that the test allows
    public static void note(String kind, String what, String against, String measure, double difference, double bar) {
        String line = String.join(
                "\t",
                kind,
                what,
                against,
                measure,
                String.format(Locale.ROOT, "%.1e", difference),
                String.format(Locale.ROOT, "%.0e", bar));
        try {
            Files.createDirectories(NOTES.toAbsolutePath().getParent());
            Files.write(NOTES, List.of(line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note parity in " + NOTES, e);
        }
    }
}
