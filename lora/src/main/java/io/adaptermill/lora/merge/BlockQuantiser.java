package io.adaptermill.lora.merge;

import io.adaptermill.lora.quant.BlockTensor;
import io.adaptermill.lora.quant.BlockTensor.Format;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Quantises float32 weights to GGUF's blocks of 32, one block at a time, to the bytes that GGUF's own
/// Python package writes (`BlockQuantiserGoldenTest`).
final class BlockQuantiser {
    private static final int BLOCK = BlockTensor.BLOCK;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private BlockQuantiser() {}

    static boolean knows(Format format) {
        return format == Format.Q4_0 || format == Format.Q4_1 || format == Format.Q8_0;
    }

    /// @param weights `rows · columns` float32
    /// @param memory holds the result
    static BlockTensor quantise(int rows, int columns, Format format, MemorySegment weights, Arena memory) {
        long blocks = (long) rows * columns / BLOCK;
        MemorySegment data = memory.allocate(blocks * format.sizeBytes(), 64);
        float[] block = new float[BLOCK];
        for (long i = 0; i < blocks; i++) {
            MemorySegment.copy(weights, FLOAT, 4 * i * BLOCK, block, 0, BLOCK);
            MemorySegment out = data.asSlice(i * format.sizeBytes(), format.sizeBytes());
            if (format == Format.Q4_0) centred4(block, out);
            else if (format == Format.Q4_1) shifted4(block, out);
            else if (format == Format.Q8_0) signed8(block, out);
            else throw new IllegalArgumentException("no quantiser for " + format);
        }
        return new BlockTensor(rows, columns, format, data);
    }

    /// The largest value, by magnitude, becomes code 0.
    private static void centred4(float[] block, MemorySegment out) {
        float extreme = 0;
        for (float value : block) if (Math.abs(value) > Math.abs(extreme)) extreme = value;
        float d = extreme / -8;
        out.set(HALF, 0, Float.floatToFloat16(d));
        codes(block, 0, d, 8.5f, out, 2);
    }

    /// The smallest value becomes code 0 and the largest 15.
    private static void shifted4(float[] block, MemorySegment out) {
        float min = block[0];
        float max = block[0];
        for (float value : block) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        float d = (max - min) / 15;
        out.set(HALF, 0, Float.floatToFloat16(d));
        out.set(HALF, 2, Float.floatToFloat16(min));
        codes(block, min, d, 0.5f, out, 4);
    }

    /// Sixteen pairs: value i low, value 16 + i high.
    private static void codes(float[] block, float shift, float d, float up, MemorySegment out, int at) {
        float inverse = d == 0 ? 0 : 1 / d;
        for (int i = 0; i < BLOCK / 2; i++) {
            int low = Math.clamp((int) ((block[i] - shift) * inverse + up), 0, 15);
            int high = Math.clamp((int) ((block[BLOCK / 2 + i] - shift) * inverse + up), 0, 15);
            out.set(ValueLayout.JAVA_BYTE, at + i, (byte) (low | high << 4));
        }
    }

    private static void signed8(float[] block, MemorySegment out) {
        float max = 0;
        for (float value : block) max = Math.max(max, Math.abs(value));
        float d = max / 127;
        float inverse = d == 0 ? 0 : 1 / d;
        out.set(HALF, 0, Float.floatToFloat16(d));
        for (int i = 0; i < BLOCK; i++) {
            float scaled = block[i] * inverse;
            int rounded = (int) Math.floor(Math.abs(scaled) + 0.5);
            out.set(ValueLayout.JAVA_BYTE, 2 + i, (byte) (scaled < 0 ? -rounded : rounded));
        }
    }
}
