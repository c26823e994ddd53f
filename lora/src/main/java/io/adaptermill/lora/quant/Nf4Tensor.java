package io.adaptermill.lora.quant;

import static io.adaptermill.lora.quant.BrainFloats.BYTE;
import static io.adaptermill.lora.quant.BrainFloats.FLOAT;
import static io.adaptermill.lora.quant.BrainFloats.FLOATS;
import static io.adaptermill.lora.quant.BrainFloats.LANES;
import static io.adaptermill.lora.quant.BrainFloats.SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/// A weight in NF4 with double quantisation, QLoRA's storage: 4.127 bits a weight.
///
/// Weight i is `LEVELS[code_i] · absmax(i / 64)`, and each block's `absmax` is itself 8 bits,
/// `DynamicMap[q] · scale(block / 256) + offset`, product and sum rounded one after the other.
/// Blocks run over the whole tensor in row order, so a row starts inside a block where `columns` is not a multiple of
/// 64.
/// Source: Dettmers et al. 2023. Same codes and scales as bitsandbytes: `Nf4GoldenTest`.
///
/// @param codes 32 bytes a block, in the layout of [Nibbles]
/// @param absmax one byte a block
/// @param scales one float32 for each 256 blocks
/// @param offset mean of the blocks' absolute maxima
public record Nf4Tensor(
        int rows, int columns, MemorySegment codes, MemorySegment absmax, MemorySegment scales, float offset)
        implements FrozenTensor {
    /// Weights that share one absolute maximum.
    public static final int BLOCK = 64;
    /// Blocks that share one scale of absolute maxima.
    public static final int SUPER_BLOCK = 256;

    static final float[] LEVELS = {
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
        1f
    };
    private static final int BLOCK_BYTES = BLOCK / 2;
    private static final int HALF = BLOCK / 2;
    private static final int CHUNK = 256;

    public Nf4Tensor {
        long blocks = Math.ceilDiv((long) rows * columns, (long) BLOCK);
        long superBlocks = Math.ceilDiv(blocks, (long) SUPER_BLOCK);
        if (codes.byteSize() != blocks * BLOCK_BYTES
                || absmax.byteSize() != blocks
                || scales.byteSize() != 4 * superBlocks) {
            throw new IllegalArgumentException("a %d x %d NF4 tensor has %d blocks, was given %d, %d and %d bytes"
                    .formatted(rows, columns, blocks, codes.byteSize(), absmax.byteSize(), scales.byteSize()));
        }
    }

    @Override
    public void readFloats(int from, int to, MemorySegment out, long at) {
        readFloats(from, to, out, at, BrainFloats.WIDE);
    }

    @Override
    public void readBrainFloats(int from, int to, MemorySegment out, long at) {
        readBrainFloats(from, to, out, at, BrainFloats.WIDE);
    }

    @Override
    public String storage() {
        return "nf4+dq";
    }

    @Override
    public List<MemorySegment> bytes() {
        byte[] mean = ByteBuffer.allocate(Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(offset)
                .array();
        return List.of(codes, absmax, scales, MemorySegment.ofArray(mean));
    }

    void readFloats(int from, int to, MemorySegment out, long at, boolean wide) {
        long first = (long) from * columns;
        long count = (long) (to - from) * columns;
        if (!isWhole(first, count)) singleFloats(first, count, out, at);
        else if (wide) wideFloats(first / BLOCK, count / BLOCK, out, at);
        else plainFloats(first / BLOCK, count / BLOCK, out, at);
    }

    void readBrainFloats(int from, int to, MemorySegment out, long at, boolean wide) {
        long first = (long) from * columns;
        long count = (long) (to - from) * columns;
        if (!isWhole(first, count)) singleBrains(first, count, out, at);
        else if (wide) wideBrains(first / BLOCK, count / BLOCK, out, at);
        else plainBrains(first / BLOCK, count / BLOCK, out, at);
    }

    private static boolean isWhole(long first, long count) {
        return first % BLOCK == 0 && count % BLOCK == 0;
    }

    /// In chunks whose maxima are looked up first: a loop that does both is compiled again and again, each time on a
    /// guess about the look-ups that fails, and crawls until the compiler gives up guessing.
    private void wideFloats(long first, long count, MemorySegment out, long at) {
        float[] maxima = new float[CHUNK];
        for (long done = 0; done < count; done += CHUNK) {
            int blocks = fillMaxima(first + done, count - done, maxima);
            MemorySegment chunk = codes.asSlice((first + done) * BLOCK_BYTES, (long) blocks * BLOCK_BYTES);
            wideFloats(maxima, blocks, chunk, out.asSlice(at + done * BLOCK * 4, (long) blocks * BLOCK * 4));
        }
    }

    private void wideBrains(long first, long count, MemorySegment out, long at) {
        float[] maxima = new float[CHUNK];
        for (long done = 0; done < count; done += CHUNK) {
            int blocks = fillMaxima(first + done, count - done, maxima);
            MemorySegment chunk = codes.asSlice((first + done) * BLOCK_BYTES, (long) blocks * BLOCK_BYTES);
            wideBrains(maxima, blocks, chunk, out.asSlice(at + done * BLOCK * 2, (long) blocks * BLOCK * 2));
        }
    }

    private static void wideFloats(float[] maxima, int blocks, MemorySegment codes, MemorySegment out) {
        FloatVector levels = FloatVector.fromArray(FLOATS, LEVELS, 0);
        for (int block = 0; block < blocks; block++) {
            FloatVector table = levels.mul(maxima[block]);
            Nibbles.floats(table, codes, block * BLOCK_BYTES, out, block * BLOCK * 4);
            Nibbles.floats(table, codes, block * BLOCK_BYTES + LANES, out, (block * BLOCK + HALF) * 4);
        }
    }

    private static void wideBrains(float[] maxima, int blocks, MemorySegment codes, MemorySegment out) {
        FloatVector levels = FloatVector.fromArray(FLOATS, LEVELS, 0);
        for (int block = 0; block < blocks; block++) {
            FloatVector table = levels.mul(maxima[block]);
            Nibbles.brains(table, codes, block * BLOCK_BYTES, out, block * BLOCK * 2);
            Nibbles.brains(table, codes, block * BLOCK_BYTES + LANES, out, (block * BLOCK + HALF) * 2);
        }
    }

    private int fillMaxima(long first, long count, float[] maxima) {
        int blocks = (int) Math.min(count, CHUNK);
        for (int block = 0; block < blocks; block++) maxima[block] = absmax(first + block);
        return blocks;
    }

    private void plainFloats(long first, long count, MemorySegment out, long at) {
        float[] table = new float[LANES];
        for (long block = 0; block < count; block++) {
            fillTable(first + block, table);
            long source = (first + block) * BLOCK_BYTES;
            Nibbles.floats(table, codes, source, out, at + block * BLOCK * 4);
            Nibbles.floats(table, codes, source + LANES, out, at + (block * BLOCK + HALF) * 4);
        }
    }

    private void plainBrains(long first, long count, MemorySegment out, long at) {
        float[] table = new float[LANES];
        for (long block = 0; block < count; block++) {
            fillTable(first + block, table);
            long source = (first + block) * BLOCK_BYTES;
            Nibbles.brains(table, codes, source, out, at + block * BLOCK * 2);
            Nibbles.brains(table, codes, source + LANES, out, at + (block * BLOCK + HALF) * 2);
        }
    }

    private void fillTable(long block, float[] table) {
        float max = absmax(block);
        for (int code = 0; code < LANES; code++) table[code] = LEVELS[code] * max;
    }

    /// Where rows begin inside blocks: one weight at a time.
    private void singleFloats(long first, long count, MemorySegment out, long at) {
        for (long i = 0; i < count; i++) out.set(FLOAT, at + 4 * i, weight(first + i));
    }

    private void singleBrains(long first, long count, MemorySegment out, long at) {
        for (long i = 0; i < count; i++) out.set(SHORT, at + 2 * i, BrainFloats.round(weight(first + i)));
    }

    private float weight(long element) {
        return LEVELS[code(element)] * absmax(element / BLOCK);
    }

    /// The index into [#LEVELS] of one weight.
    int code(long element) {
        int within = (int) (element % (2 * LANES));
        int pair = codes.get(BYTE, element / (2 * LANES) * LANES + within % LANES);
        return within < LANES ? pair & 15 : (pair >> 4) & 15;
    }

    private float absmax(long block) {
        float normed = DynamicMap.VALUES[absmax.get(BYTE, block) & 0xff];
        return normed * scales.get(FLOAT, block / SUPER_BLOCK * 4) + offset;
    }
}
