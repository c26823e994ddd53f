package io.adaptermill.lora.quant;

import static io.adaptermill.lora.quant.BlockMaxima.Doubled.SUPER_BLOCK;
import static io.adaptermill.lora.quant.BrainFloats.BYTE;
import static io.adaptermill.lora.quant.BrainFloats.FLOAT;
import static io.adaptermill.lora.quant.FourBitTensor.BLOCK;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Quantises a weight to a [FourBitTensor] once, when a 16- or 32-bit checkpoint is loaded.
///
/// Follows bitsandbytes' portable kernels, whose codes are the nearest ones; its x86 library looks maxima up in 65,536
/// steps and now and then takes a neighbour. Each block of 64 is divided by its absolute maximum and each value takes
/// the nearest level. Where the maxima are quantised too, they are, less their mean, in the same way to [DynamicMap]
/// in blocks of 256. The mean is summed in double precision, so it does not depend on an order of summation.
///
/// @param code what the codes stand for
/// @param doubled whether the maxima are quantised too
public record FourBitQuantiser(FourBitCode code, boolean doubled) {
    private static final float TINY = 1e-38f;
    private static final int HALF_BLOCK = 32;
    private static final int LANES = 16;

    /// @param weight finite numbers
    /// @param memory holds the result
    public FourBitTensor quantise(DenseTensor weight, Arena memory) {
        long elements = (long) weight.rows() * weight.columns();
        int blocks = Math.toIntExact(Math.ceilDiv(elements, BLOCK));
        MemorySegment codes = memory.allocate((long) blocks * BLOCK / 2, 64);
        float[] maxima = new float[blocks];
        quantiseBlocks(weight, codes, maxima);
        BlockMaxima stored = doubled ? doubled(maxima, memory) : BlockMaxima.Plain.of(maxima, memory);
        return new FourBitTensor(weight.rows(), weight.columns(), code, codes, stored);
    }

    private void quantiseBlocks(DenseTensor weight, MemorySegment codes, float[] maxima) {
        float[] block = new float[BLOCK];
        int filled = 0;
        int done = 0;
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment row = scratch.allocate(4L * weight.columns(), BLOCK);
            for (int r = 0; r < weight.rows(); r++) {
                weight.readFloats(r, r + 1, row, 0);
                for (long i = 0; i < weight.columns(); i++) {
                    block[filled++] = row.get(FLOAT, 4 * i);
                    if (filled < BLOCK) continue;
                    maxima[done] = quantiseBlock(block, BLOCK, codes, (long) done * BLOCK / 2);
                    done++;
                    filled = 0;
                }
            }
        }
        if (filled > 0) maxima[done] = quantiseBlock(block, filled, codes, (long) done * BLOCK / 2);
    }

    private float quantiseBlock(float[] block, int filled, MemorySegment codes, long at) {
        float max = maxAbs(block, 0, filled);
        float floor = Math.max(max, TINY);
        boolean whole = filled == BLOCK;
        int[] levels = new int[BLOCK];
        for (int i = 0; i < filled; i++) levels[i] = code.encode(normed(block[i], floor, whole));
        for (int half = 0; half < BLOCK; half += HALF_BLOCK) {
            for (int i = 0; i < LANES; i++) {
                int pair = levels[half + i] | levels[half + LANES + i] << 4;
                codes.set(BYTE, at + half / 2 + i, (byte) pair);
            }
        }
        return whole ? max : floor;
    }

    private static BlockMaxima doubled(float[] maxima, Arena memory) {
        float offset = mean(maxima);
        MemorySegment absmax = memory.allocate(maxima.length);
        MemorySegment scales = memory.allocate(4L * Math.ceilDiv(maxima.length, SUPER_BLOCK), 4);
        for (int i = 0; i < maxima.length; i++) maxima[i] -= offset;
        for (int from = 0; from < maxima.length; from += SUPER_BLOCK) {
            int to = Math.min(from + SUPER_BLOCK, maxima.length);
            boolean whole = to - from == SUPER_BLOCK;
            float max = maxAbs(maxima, from, to);
            float floor = Math.max(max, TINY);
            scales.set(FLOAT, 4L * (from / SUPER_BLOCK), whole ? max : floor);
            for (int i = from; i < to; i++) {
                absmax.set(BYTE, i, (byte) DynamicMap.encode(normed(maxima[i], floor, whole)));
            }
        }
        return new BlockMaxima.Doubled(absmax, scales, offset);
    }

    private static float maxAbs(float[] values, int from, int to) {
        float max = 0;
        for (int i = from; i < to; i++) max = Math.max(max, Math.abs(values[i]));
        return max;
    }

    private static float mean(float[] values) {
        double sum = 0;
        for (float value : values) sum += value;
        return (float) (sum / values.length);
    }

    /// Whole blocks are multiplied by the inverse, the last one is divided if it is cut: so does the reference.
    private static float normed(float x, float max, boolean whole) {
        return Math.clamp(whole ? x * (1 / max) : x / max, -1f, 1f);
    }
}
