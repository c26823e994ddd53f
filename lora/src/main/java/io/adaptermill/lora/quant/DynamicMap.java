package io.adaptermill.lora.quant;

import java.util.Arrays;

/// The 256 values that one byte of a doubly quantised scale can mean: signed, seven decades, more digits
/// for larger values.
///
/// Decade i of 7 has `2^i` values, the midpoints of an even division of [0.1, 1], times `10^(i-6)`, and
/// their negatives; then 0 and 1. Source: Dettmers et al. 2022 (8-bit optimizers via block-wise
/// quantisation), §2.2. Every bit agrees with bitsandbytes: `StorageGoldenTest`.
final class DynamicMap {
    private static final int DECADES = 7;
    private static final float LOWEST = 0.1f;

    /// Ascending; the index is the code.
    static final float[] VALUES = values();

    private static final float[] MIDPOINTS = midpoints();

    private DynamicMap() {}

    private static float[] values() {
        float[] values = new float[256];
        int count = 0;
        for (int decade = 0; decade < DECADES; decade++) {
            float power = (float) Math.pow(10, decade - (DECADES - 1.0));
            int steps = 1 << decade;
            for (int i = 0; i < steps; i++) {
                float value = power * ((boundary(i, steps) + boundary(i + 1, steps)) / 2);
                values[count++] = value;
                values[count++] = -value;
            }
        }
        values[count++] = 0;
        values[count] = 1;
        Arrays.sort(values);
        return values;
    }

    /// Counted from the nearer end, each with one rounding, so that both ends are exact.
    private static float boundary(int i, int steps) {
        float step = (1 - LOWEST) / steps;
        return i < (steps + 1) / 2 ? Math.fma(step, i, LOWEST) : Math.fma(-step, steps - i, 1f);
    }

    private static float[] midpoints() {
        float[] midpoints = new float[VALUES.length - 1];
        for (int i = 0; i < midpoints.length; i++) midpoints[i] = (VALUES[i] + VALUES[i + 1]) / 2;
        return midpoints;
    }

    /// The code of the value nearest to `x`, of the lower one at a midpoint.
    static int encode(float x) {
        int found = Arrays.binarySearch(MIDPOINTS, x);
        return found >= 0 ? found : -found - 1;
    }
}
