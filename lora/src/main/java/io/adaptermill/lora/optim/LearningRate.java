package io.adaptermill.lora.optim;

import io.adaptermill.schemas.policy.Practice.Schedule;

/// The learning rate of each step: up to the peak over the warm-up, then along the schedule.
///
/// The first step of a warm-up over W steps has 1/W of the peak, not 0, which would waste it. `linear` and
/// `cosine` reach 0 just after the last step, as in transformers; `linearToTenth` ends at a tenth of the
/// peak: the last examples are learnt too, and the next batch goes on from here. Checked against transformers
/// in `DropoutTest`.
///
/// @param schedule after the warm-up
/// @param peak largest rate
/// @param steps of the run, at least 1
/// @param warmupShare share of the steps over which it rises
public record LearningRate(Schedule schedule, double peak, int steps, double warmupShare) {
    private static final double LAST_SHARE = 0.1;

    public LearningRate {
        if (steps < 1) throw new IllegalArgumentException("steps must be at least 1, was " + steps);
    }

    /// @param step counted from 1
    public double at(int step) {
        double warmup = Math.ceil(warmupShare * steps);
        if (step <= warmup) return peak * step / warmup;
        double left = steps - warmup;
        double taken = step - warmup - 1;
        return switch (schedule) {
            case CONSTANT -> peak;
            case LINEAR -> peak * (1 - taken / left);
            case COSINE -> peak * (1 + StrictMath.cos(StrictMath.PI * taken / left)) / 2;
            case LINEAR_TO_TENTH -> peak * (1 - (1 - LAST_SHARE) * (left <= 1 ? 0 : taken / (left - 1)));
        };
    }
}
