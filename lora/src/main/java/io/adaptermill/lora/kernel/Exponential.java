package io.adaptermill.lora.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// `eˣ` in steps that IEEE 754 fixes, within 2 units in the last place.
///
/// The Vector API's own `EXP` calls another routine before it is compiled than after: a cold process would
/// train another adapter than a warm one.
public final class Exponential {
    private static final float LOG2_E = 1.44269504f;
    /// ln 2 in two parts, the first with trailing zeros, so that its multiples are exact.
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;
    /// Beyond these, 2ⁿ leaves the normal range.
    private static final float MAX = 88.37f;

    private static final float MIN = -87.33f;
    /// Adding 1.5 · 2²³ rounds to the nearest integer and leaves that integer in the low bits.
    private static final float ROUNDER = 12_582_912f;

    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

    private Exponential() {}

    public static FloatVector of(FloatVector x) {
        FloatVector clamped = x.max(MIN).min(MAX);
        FloatVector shifted = clamped.mul(LOG2_E).add(ROUNDER);
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(splat(-LN2_HIGH), clamped);
        r = n.fma(splat(-LN2_LOW), r);
        FloatVector p = splat(1.9875691500e-4f);
        p = p.fma(r, splat(1.3981999507e-3f));
        p = p.fma(r, splat(8.3334519073e-3f));
        p = p.fma(r, splat(4.1665795894e-2f));
        p = p.fma(r, splat(1.6666665459e-1f));
        p = p.fma(r, splat(5.0000001201e-1f));
        FloatVector series = p.fma(r.mul(r), r).add(1f);
        IntVector power = shifted.reinterpretAsInts().sub(ROUNDER_BITS - 127).lanewise(VectorOperators.LSHL, 23);
        return series.mul(power.reinterpretAsFloats());
    }

    /// `1 / (1 + e⁻ˣ)`.
    public static FloatVector sigmoid(FloatVector x) {
        return splat(1f).div(of(x.neg()).add(1f));
    }

    private static FloatVector splat(float value) {
        return FloatVector.broadcast(Lanes.SPECIES, value);
    }
}
