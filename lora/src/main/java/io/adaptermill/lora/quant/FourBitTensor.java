package io.adaptermill.lora.quant;

import static io.adaptermill.lora.quant.BrainFloats.BYTE;
import static io.adaptermill.lora.quant.BrainFloats.FLOATS;
import static io.adaptermill.lora.quant.BrainFloats.LANES;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;

/// A weight in four bits, QLoRA's storage: 4.127 bits a weight with doubly quantised maxima, 4.5 without.
///
/// Weight i is `levels[code_i] · maximum(i / 64)`. Blocks run over the whole tensor in row order, so a row starts
/// inside a block where `columns` is not a multiple of 64.
/// Source: Dettmers et al. 2023. Same codes and maxima as bitsandbytes: `StorageGoldenTest`.
///
/// @param code what the codes stand for
/// @param codes 32 bytes a block, in the layout of [Nibbles]
/// @param maxima of the blocks
public record FourBitTensor(int rows, int columns, FourBitCode code, MemorySegment codes, BlockMaxima maxima)
        implements QuantisedTensor {
    /// Weights that share one absolute maximum.
    public static final int BLOCK = 64;

    private static final int BLOCK_BYTES = BLOCK / 2;
    private static final int HALF = BLOCK / 2;
    private static final int CHUNK = 256;

    public FourBitTensor {
        long blocks = Math.ceilDiv((long) rows * columns, (long) BLOCK);
        if (codes.byteSize() != blocks * BLOCK_BYTES) {
            throw new IllegalArgumentException("a %d x %d four-bit tensor has %d bytes of codes, was given %d"
                    .formatted(rows, columns, blocks * BLOCK_BYTES, codes.byteSize()));
        }
        maxima.requireCount(blocks);
    }

    @Override
    public String storage() {
        return code.storage() + maxima.suffix();
    }

    @Override
    public List<MemorySegment> bytes() {
        return Stream.concat(Stream.of(codes), maxima.bytes().stream()).toList();
    }

    @Override
    public void read(int from, int to, Sink sink, boolean wide) {
        long first = (long) from * columns;
        long count = (long) (to - from) * columns;
        if (first % BLOCK != 0 || count % BLOCK != 0) singles(first, count, sink);
        else if (wide) chunks(first / BLOCK, count / BLOCK, sink);
        else plain(first / BLOCK, count / BLOCK, sink);
    }

    /// In chunks whose maxima are looked up first: a loop that does both is compiled again and again, each time on a
    /// guess about the look-ups that fails, and crawls until the compiler gives up guessing.
    private void chunks(long first, long count, Sink sink) {
        float[] largest = new float[CHUNK];
        for (long done = 0; done < count; done += CHUNK) {
            int blocks = (int) Math.min(count - done, CHUNK);
            for (int block = 0; block < blocks; block++) largest[block] = maxima.get(first + done + block);
            MemorySegment chunk = codes.asSlice((first + done) * BLOCK_BYTES, (long) blocks * BLOCK_BYTES);
            if (sink.brains()) brains(largest, blocks, chunk, sink, done * BLOCK);
            else floats(largest, blocks, chunk, sink, done * BLOCK);
        }
    }

    /// As in [BlockTensor], one loop for each kind of number.
    private void floats(float[] largest, int blocks, MemorySegment chunk, Sink sink, long element) {
        FloatVector levels = FloatVector.fromArray(FLOATS, code.levels(), 0);
        for (int block = 0; block < blocks; block++) {
            FloatVector table = levels.mul(largest[block]);
            int source = block * BLOCK_BYTES;
            long at = sink.at(element + block * BLOCK);
            Nibbles.floats(table, chunk, source, sink.memory(), at);
            Nibbles.floats(table, chunk, source + LANES, sink.memory(), at + 4 * HALF);
        }
    }

    private void brains(float[] largest, int blocks, MemorySegment chunk, Sink sink, long element) {
        FloatVector levels = FloatVector.fromArray(FLOATS, code.levels(), 0);
        for (int block = 0; block < blocks; block++) {
            FloatVector table = levels.mul(largest[block]);
            int source = block * BLOCK_BYTES;
            long at = sink.at(element + block * BLOCK);
            Nibbles.brains(table, chunk, source, sink.memory(), at);
            Nibbles.brains(table, chunk, source + LANES, sink.memory(), at + 2 * HALF);
        }
    }

    private void plain(long first, long count, Sink sink) {
        float[] table = new float[LANES];
        for (long block = 0; block < count; block++) {
            float max = maxima.get(first + block);
            for (int i = 0; i < LANES; i++) table[i] = code.levels()[i] * max;
            long source = (first + block) * BLOCK_BYTES;
            Nibbles.read(table, codes, source, sink, block * BLOCK);
            Nibbles.read(table, codes, source + LANES, sink, block * BLOCK + HALF);
        }
    }

    /// Where rows begin inside blocks: one weight at a time.
    private void singles(long first, long count, Sink sink) {
        for (long i = 0; i < count; i++) {
            sink.put(i, code.levels()[code(first + i)] * maxima.get((first + i) / BLOCK));
        }
    }

    /// What makes tensors that are kept in the same way.
    public FourBitQuantiser quantiser() {
        return new FourBitQuantiser(code, maxima instanceof BlockMaxima.Doubled);
    }

    /// One weight's code.
    int code(long element) {
        int within = (int) (element % (2 * LANES));
        int pair = codes.get(BYTE, element / (2 * LANES) * LANES + within % LANES);
        return within < LANES ? pair & 15 : (pair >> 4) & 15;
    }
}
