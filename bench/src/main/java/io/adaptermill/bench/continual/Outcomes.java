package io.adaptermill.bench.continual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// What was measured so far, a line of a file each, so that a run that was cut short goes on where it was.
record Outcomes(Path file) {
    Optional<Outcome> find(String kind, long seed) throws IOException {
        if (!Files.exists(file)) return Optional.empty();
        return Files.readAllLines(file).stream()
                .map(Outcome::parse)
                .filter(outcome -> outcome.kind().equals(kind) && outcome.seed() == seed)
                .findFirst();
    }

    void add(Outcome outcome) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, outcome.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    static String heading() {
        return """
                | kept by | right at the end | right when learnt | backward transfer | forgetting | seconds |
                | --- | ---: | ---: | ---: | ---: | ---: |""";
    }

    /// Means over the seeds, with the lowest and the highest.
    ///
    /// @param seeds at least one, all of one kind
    static String row(List<Outcome> seeds) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %.0f |",
                seeds.getFirst().kind(),
                spread(seeds, Outcome::accuracy, "%.2f"),
                spread(seeds, Outcome::learnt, "%.2f"),
                spread(seeds, Outcome::backwardTransfer, "%+.2f"),
                spread(seeds, Outcome::forgetting, "%.2f"),
                seeds.stream().mapToDouble(Outcome::seconds).average().orElseThrow());
    }

    private static String spread(List<Outcome> seeds, ToDoubleFunction<Outcome> number, String format) {
        var all = seeds.stream().mapToDouble(number).summaryStatistics();
        String mean = String.format(Locale.ROOT, format, all.getAverage());
        if (seeds.size() == 1) return mean;
        return mean + String.format(Locale.ROOT, " (" + format + " to " + format + ")", all.getMin(), all.getMax());
    }
}
