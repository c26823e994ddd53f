package io.adaptermill.cli.rebuild;

import java.util.Optional;
import java.util.SortedMap;

/// Compares each step's loss with that of the first time, to say which step parted first. Used by one thread.
final class StepLosses {
    private final SortedMap<Integer, Double> logged;
    private Optional<String> difference = Optional.empty();

    StepLosses(SortedMap<Integer, Double> logged) {
        this.logged = logged;
    }

    void step(int step, double loss) {
        Double before = logged.get(step);
        if (difference.isEmpty() && before != null && before != loss) {
            difference = Optional.of("step " + step + ": the loss was " + before + " nats, is " + loss);
        }
    }

    Optional<String> difference() {
        return difference;
    }
}
