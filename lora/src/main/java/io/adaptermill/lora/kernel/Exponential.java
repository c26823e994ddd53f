package io.adaptermill.lora.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// `eˣ` in steps that IEEE 754 fixes, within 2 units in the last place.
///
/// The Vector API's own `EXP` calls another routine before it is compiled than after: a cold process would
/// train another adapter than a warm one.
public final class Exponential {
    // Vectors made once: broadcasting them in each call makes graphs that the compiler no longer inlines, and whoever
    // calls it then pays with an object for every vector.
    private static final FloatVector LOG2_E = splat(1.44269504f);
    /// ln 2 in two parts, the first with trailing zeros, so that its multiples are exact.
    private static final FloatVector MINUS_LN2_HIGH = splat(-0.693359375f);

    private static final FloatVector MINUS_LN2_LOW = splat(2.12194440e-4f);
    /// Beyond these, 2ⁿ leaves the normal range.
    private static final FloatVector MAX = splat(88.37f);

    private static final FloatVector MIN = splat(-87.33f);
    /// Adding 1.5 · 2²³ rounds to the nearest integer and leaves that integer in the low bits.
    private static final float ROUNDER_NUMBER = 12_582_912f;

    private static final FloatVector ROUNDER = splat(ROUNDER_NUMBER);
    private static final IntVector ROUNDER_BITS =
            splat(ROUNDER_NUMBER).reinterpretAsInts().sub(127);
    private static final FloatVector ONE = splat(1);
    private static final FloatVector C0 = splat(1.9875691500e-4f);
    private static final FloatVector C1 = splat(1.3981999507e-3f);
    private static final FloatVector C2 = splat(8.3334519073e-3f);
    private static final FloatVector C3 = splat(4.1665795894e-2f);
    private static final FloatVector C4 = splat(1.6666665459e-1f);
    private static final FloatVector C5 = splat(5.0000001201e-1f);

    private Exponential() {}

    public static FloatVector of(FloatVector x) {
        FloatVector clamped = x.max(MIN).min(MAX);
        FloatVector shifted = clamped.fma(LOG2_E, ROUNDER);
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, clamped));
        FloatVector p = C0.fma(r, C1).fma(r, C2).fma(r, C3).fma(r, C4).fma(r, C5);
        FloatVector series = p.fma(r.mul(r), r).add(ONE);
        IntVector power = shifted.reinterpretAsInts().sub(ROUNDER_BITS).lanewise(VectorOperators.LSHL, 23);
        return series.mul(power.reinterpretAsFloats());
    }

    /// `1 / (1 + e⁻ˣ)`.
    public static FloatVector sigmoid(FloatVector x) {
        return ONE.div(of(x.neg()).add(ONE));
    }

    private static FloatVector splat(float value) {
        return FloatVector.broadcast(Lanes.SPECIES, value);
    }
}
