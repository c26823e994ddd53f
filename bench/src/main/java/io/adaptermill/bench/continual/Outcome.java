package io.adaptermill.bench.continual;

import java.util.Locale;

/// What one kind of holding on left with one seed.
///
/// @param kind as [Tried#label] has it
record Outcome(
        String kind,
        long seed,
        double accuracy,
        double learnt,
        double backwardTransfer,
        double forgetting,
        double seconds) {
    private static final String SEPARATOR = "\t";

    static Outcome of(String kind, long seed, Retention left, double seconds) {
        return new Outcome(
                kind, seed, left.accuracy(), left.learnt(), left.backwardTransfer(), left.forgetting(), seconds);
    }

    static Outcome parse(String line) {
        String[] words = line.split(SEPARATOR);
        return new Outcome(
                words[0],
                Long.parseLong(words[1]),
                Double.parseDouble(words[2]),
                Double.parseDouble(words[3]),
                Double.parseDouble(words[4]),
                Double.parseDouble(words[5]),
                Double.parseDouble(words[6]));
    }

    String line() {
        return String.join(
                SEPARATOR,
                kind,
                Long.toString(seed),
                Double.toString(accuracy),
                Double.toString(learnt),
                Double.toString(backwardTransfer),
                Double.toString(forgetting),
                String.format(Locale.ROOT, "%.0f", seconds));
    }
}
