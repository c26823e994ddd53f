package io.adaptermill.lora.quant;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;

/// What the 16 codes of a four-bit weight stand for, as shares of its block's absolute maximum.
///
/// Same values in the same order as bitsandbytes: `StorageGoldenTest`.
public enum FourBitCode {
    /// Quantiles of the normal distribution, ascending. Source: Dettmers et al. 2023 (QLoRA).
    NF4(
            -1f,
            -0.6961928009986877f,
            -0.5250730514526367f,
            -0.39491748809814453f,
            -0.28444138169288635f,
            -0.18477343022823334f,
            -0.09105003625154495f,
            0f,
            0.07958029955625534f,
            0.16093020141124725f,
            0.24611230194568634f,
            0.33791524171829224f,
            0.44070982933044434f,
            0.5626170039176941f,
            0.7229568362236023f,
            1f),
    /// A float of a sign, two bits of exponent and one of mantissa, over its largest value, 12; zero stands twice.
    FP4(
            0,
            0.0625f / 12,
            8f / 12,
            12f / 12,
            4f / 12,
            6f / 12,
            2f / 12,
            3f / 12,
            0,
            -0.0625f / 12,
            -8f / 12,
            -12f / 12,
            -4f / 12,
            -6f / 12,
            -2f / 12,
            -3f / 12);

    private final float[] levels;
    private final int[] ascending;
    private final float[] midpoints;

    FourBitCode(float... levels) {
        this.levels = levels;
        this.ascending = ascending(levels);
        this.midpoints = new float[levels.length - 1];
        for (int i = 0; i < midpoints.length; i++) {
            midpoints[i] = (levels[ascending[i]] + levels[ascending[i + 1]]) / 2;
        }
    }

    /// By code; shared, not to be changed.
    float[] levels() {
        return levels;
    }

    /// The code of the level nearest to `x`, of the lower one at a midpoint: by halving, how many midpoints are below.
    int encode(float x) {
        int below = midpoints[7] < x ? 8 : 0;
        below += midpoints[below + 3] < x ? 4 : 0;
        below += midpoints[below + 1] < x ? 2 : 0;
        return ascending[below + (midpoints[below] < x ? 1 : 0)];
    }

    String storage() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static int[] ascending(float[] levels) {
        Integer[] order = new Integer[levels.length];
        for (int i = 0; i < order.length; i++) order[i] = i;
        Arrays.sort(order, Comparator.comparingDouble(code -> levels[code]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }
}
