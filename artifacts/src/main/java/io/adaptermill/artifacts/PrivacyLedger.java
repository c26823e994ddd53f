package io.adaptermill.artifacts;

import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What private training has spent on a lineage so far: how many steps with which noise on which share of the examples.
/// The steps and not their ε, so that a better accountant or another δ can count them again.
///
/// @param steps by how they were taken
public record PrivacyLedger(SortedMap<Step, Long> steps) {
    public static final PrivacyLedger EMPTY = new PrivacyLedger(new TreeMap<>());

    public PrivacyLedger {
        steps = Collections.unmodifiableSortedMap(new TreeMap<>(steps));
        steps.values().forEach(count -> {
            if (count < 1) throw new IllegalArgumentException("steps must be at least 1, were " + count);
        });
    }

    /// @param noiseMultiplier standard deviation of the noise over the clipping norm
    /// @param sampleRate chance of each example to be in the step
    public record Step(double noiseMultiplier, double sampleRate) implements Comparable<Step> {
        private static final Comparator<Step> ORDER =
                Comparator.comparingDouble(Step::noiseMultiplier).thenComparingDouble(Step::sampleRate);

        public Step {
            if (!(noiseMultiplier > 0 && Double.isFinite(noiseMultiplier))) {
                throw new IllegalArgumentException("noiseMultiplier must be above 0, was " + noiseMultiplier);
            }
            if (!(sampleRate > 0 && sampleRate <= 1)) {
                throw new IllegalArgumentException("sampleRate must be in (0, 1], was " + sampleRate);
            }
        }

        @Override
        public int compareTo(Step other) {
            return ORDER.compare(this, other);
        }
    }

    public PrivacyLedger plus(Step step, long count) {
        SortedMap<Step, Long> more = new TreeMap<>(steps);
        more.merge(step, count, Long::sum);
        return new PrivacyLedger(more);
    }

    /// As it stands in a file's metadata, such as `1.0 x 0.25 x 12; 1.5 x 0.25 x 6`.
    public String text() {
        return steps.entrySet().stream()
                .map(entry -> entry.getKey().noiseMultiplier() + " x "
                        + entry.getKey().sampleRate() + " x " + entry.getValue())
                .collect(Collectors.joining("; "));
    }

    /// @throws IllegalArgumentException if the text is not what [#text] gives
    public static PrivacyLedger parse(String text) {
        PrivacyLedger ledger = EMPTY;
        for (String entry : text.split("; ")) {
            String[] parts = entry.split(" x ");
            if (parts.length != 3) throw new IllegalArgumentException("a privacy ledger cannot hold \"" + entry + "\"");
            Step step = new Step(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
            ledger = ledger.plus(step, Long.parseLong(parts[2]));
        }
        return ledger;
    }
}
