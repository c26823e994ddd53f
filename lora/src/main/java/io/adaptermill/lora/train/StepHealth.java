package io.adaptermill.lora.train;

import java.util.Locale;
import java.util.Optional;

/// Says whether a step may be taken: a run that lost its way ends as a failure in words, not as a broken
/// adapter.
///
/// @param blindNats what guessing every token blindly costs, the logarithm of the vocabulary
record StepHealth(double blindNats) {
    /// A loss this many times that of guessing blindly will not come back.
    private static final double DIVERGED = 2;

    static StepHealth of(int vocabulary) {
        return new StepHealth(StrictMath.log(vocabulary));
    }

    /// @return what is wrong, empty if nothing is
    Optional<String> broken(double loss, double gradientNorm) {
        if (!Double.isFinite(loss)) return Optional.of("the loss is not a finite number: " + loss);
        if (!Double.isFinite(gradientNorm)) {
            return Optional.of("the gradient's norm is not a finite number: " + gradientNorm);
        }
        if (loss > DIVERGED * blindNats) {
            return Optional.of(String.format(
                    Locale.ROOT, "the loss diverged to %.2f nats; guessing blindly costs %.2f", loss, blindNats));
        }
        return Optional.empty();
    }
}
