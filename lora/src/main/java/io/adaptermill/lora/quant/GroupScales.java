package io.adaptermill.lora.quant;

import static io.adaptermill.lora.quant.BrainFloats.BYTE;
import static io.adaptermill.lora.quant.BrainFloats.SHORT;

import java.lang.foreign.MemorySegment;

/// Reads one block's scales and minima, one of each for every group of 16 weights.
interface GroupScales {
    /// @param block where the block begins
    /// @param scales overwritten, as `minima`: weight = scale · code − minimum
    void read(MemorySegment data, long block, float[] scales, float[] minima);

    /// `d` alone, for all groups.
    static GroupScales one() {
        return (data, block, scales, minima) -> {
            scales[0] = scales[1] = half(data, block);
            minima[0] = minima[1] = 0;
        };
    }

    /// `d` and `m`, for all groups.
    static GroupScales oneWithMinimum() {
        return (data, block, scales, minima) -> {
            scales[0] = scales[1] = half(data, block);
            minima[0] = minima[1] = -half(data, block + 2);
        };
    }

    /// `d`, `dmin` and, for each run of 32 weights, two 6-bit numbers that multiply them, in 12 bytes.
    ///
    /// Of the first four runs they are bytes 0 to 3 and 4 to 7. Of the others, bytes 8 to 11 have the lower bits,
    /// scale below minimum, and the upper two bits stand above the numbers of the first four.
    static GroupScales packedSixBits() {
        return (data, block, scales, minima) -> {
            float d = half(data, block);
            float dmin = half(data, block + 2);
            long at = block + 4;
            for (int run = 0; run < 8; run++) {
                int first = byteAt(data, at + run % 4);
                int second = byteAt(data, at + 4 + run % 4);
                int rest = byteAt(data, at + 8 + run % 4);
                int scale = run < 4 ? first & 63 : rest & 15 | first >> 6 << 4;
                int minimum = run < 4 ? second & 63 : rest >> 4 | second >> 6 << 4;
                scales[2 * run] = scales[2 * run + 1] = d * scale;
                minima[2 * run] = minima[2 * run + 1] = dmin * minimum;
            }
        };
    }

    /// A signed byte for each group, then `d`, which multiplies them.
    static GroupScales signedBytes(int from) {
        return (data, block, scales, minima) -> {
            float d = half(data, block + from + 16);
            for (int group = 0; group < 16; group++) {
                scales[group] = d * data.get(BYTE, block + from + group);
                minima[group] = 0;
            }
        };
    }

    private static int byteAt(MemorySegment data, long at) {
        return data.get(BYTE, at) & 0xff;
    }

    private static float half(MemorySegment data, long at) {
        return Float.float16ToFloat(data.get(SHORT, at));
    }
}
