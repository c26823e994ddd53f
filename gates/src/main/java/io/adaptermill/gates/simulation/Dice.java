package io.adaptermill.gates.simulation;

/// Random numbers that depend on the seed alone: SplitMix64, in strict arithmetic.
final class Dice {
    private long state;

    Dice(long seed) {
        state = seed;
    }

    /// In (0, 1).
    double uniform() {
        return ((next() >>> 11) + 0.5) * 0x1.0p-53;
    }

    /// Box and Muller's.
    double normal() {
        return StrictMath.sqrt(-2 * StrictMath.log(uniform())) * StrictMath.cos(2 * Math.PI * uniform());
    }

    boolean happens(double chance) {
        return uniform() < chance;
    }

    /// For one run of many: another stream, as good as independent.
    Dice fork() {
        return new Dice(next());
    }

    private long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
