package io.adaptermill.lora.optim;

/// The learning rate of each step: from 0 up to the peak over the warm-up, then down in a straight line to a
/// tenth of it.
///
/// A run never ends at 0: its last examples would not be learnt, and the next batch goes on from here.
///
/// @param peak largest rate
/// @param steps of the run, at least 1
/// @param warmupShare share of the steps over which it rises
public record LearningRate(double peak, int steps, double warmupShare) {
    private static final double LAST_SHARE = 0.1;

    public LearningRate {
        if (steps < 1) throw new IllegalArgumentException("steps must be at least 1, was " + steps);
    }

    /// @param step counted from 1
    public double at(int step) {
        double warmup = Math.ceil(warmupShare * steps);
        if (step <= warmup) return peak * step / warmup;
        double done = steps - warmup <= 1 ? 0 : (step - warmup - 1) / (steps - warmup - 1);
        return peak * (1 - (1 - LAST_SHARE) * done);
    }
}
