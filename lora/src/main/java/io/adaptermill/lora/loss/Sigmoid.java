package io.adaptermill.lora.loss;

/// The logistic function and its logarithm, without overflow, the same bits on every machine.
final class Sigmoid {
    private Sigmoid() {}

    static double of(double x) {
        if (x >= 0) return 1 / (1 + StrictMath.exp(-x));
        double power = StrictMath.exp(x);
        return power / (1 + power);
    }

    static double log(double x) {
        return Math.min(x, 0) - StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }
}
