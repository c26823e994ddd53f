package io.adaptermill.lora.quant;

import static io.adaptermill.lora.quant.BrainFloats.BYTE;
import static io.adaptermill.lora.quant.BrainFloats.FLOAT;
import static io.adaptermill.lora.quant.BrainFloats.FLOATS;
import static io.adaptermill.lora.quant.BrainFloats.LANES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// A weight in eight bits, one scale a row: weight = `code · maximum(row) · (1 / 127)`, rounded after each product.
///
/// Source: Dettmers et al. 2022 (LLM.int8()), the vector-wise half of it. Same codes and maxima as bitsandbytes, which
/// rounds a weight to float16 first: `StorageGoldenTest`.
///
/// @param codes signed bytes, row-major
/// @param maxima the absolute maximum of each row, float32
public record Int8Tensor(int rows, int columns, MemorySegment codes, MemorySegment maxima) implements QuantisedTensor {
    private static final float STEP = 1 / 127f;

    public Int8Tensor {
        long expected = (long) rows * columns;
        if (codes.byteSize() != expected || maxima.byteSize() != 4L * rows) {
            throw new IllegalArgumentException(
                    "a %d x %d 8-bit tensor has %d codes and %d maxima, was given %d and %d bytes"
                            .formatted(rows, columns, expected, rows, codes.byteSize(), maxima.byteSize()));
        }
    }

    /// @param weight finite numbers, at most 65,504
    /// @param memory holds the result
    /// @throws IllegalArgumentException if a number is beyond float16
    public static Int8Tensor quantise(DenseTensor weight, Arena memory) {
        int columns = weight.columns();
        MemorySegment codes = memory.allocate((long) weight.rows() * columns, 64);
        MemorySegment maxima = memory.allocate(4L * weight.rows(), 4);
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment row = scratch.allocate(4L * columns, 64);
            for (int r = 0; r < weight.rows(); r++) {
                weight.readFloats(r, r + 1, row, 0);
                float max = 0;
                for (long i = 0; i < columns; i++) max = Math.max(max, Math.abs(half(row, i)));
                if (max == Float.POSITIVE_INFINITY) {
                    throw new IllegalArgumentException("row " + r + " has a number beyond float16, 65504");
                }
                maxima.set(FLOAT, 4L * r, max);
                float steps = max == 0 ? 0 : 1 / max * 127; // in two steps, as torch divides a number by a tensor
                for (long i = 0; i < columns; i++) {
                    codes.set(BYTE, (long) r * columns + i, (byte) Math.rint(half(row, i) * steps));
                }
            }
        }
        return new Int8Tensor(weight.rows(), columns, codes, maxima);
    }

    private static float half(MemorySegment row, long element) {
        return Float.float16ToFloat(Float.floatToFloat16(row.get(FLOAT, 4 * element)));
    }

    @Override
    public String storage() {
        return "int8";
    }

    @Override
    public List<MemorySegment> bytes() {
        return List.of(codes, maxima);
    }

    @Override
    public void read(int from, int to, Sink sink, boolean wide) {
        for (int row = from; row < to; row++) {
            float max = maxima.get(FLOAT, 4L * row);
            long source = (long) row * columns;
            long element = (long) (row - from) * columns;
            int whole = wide ? columns - columns % LANES : 0;
            if (sink.brains()) brains(source, whole, max, sink, element);
            else floats(source, whole, max, sink, element);
            for (int i = whole; i < columns; i++) {
                sink.put(element + i, codes.get(BYTE, source + i) * max * STEP);
            }
        }
    }

    private void floats(long source, int count, float max, Sink sink, long element) {
        for (int i = 0; i < count; i += LANES) {
            codes(source + i)
                    .mul(max)
                    .mul(STEP)
                    .intoMemorySegment(sink.memory(), sink.at(element + i), ByteOrder.LITTLE_ENDIAN);
        }
    }

    private void brains(long source, int count, float max, Sink sink, long element) {
        for (int i = 0; i < count; i += LANES) {
            BrainFloats.round(codes(source + i).mul(max).mul(STEP))
                    .intoMemorySegment(sink.memory(), sink.at(element + i), ByteOrder.LITTLE_ENDIAN);
        }
    }

    private FloatVector codes(long at) {
        return (FloatVector) ByteVector.fromMemorySegment(ByteVector.SPECIES_128, codes, at, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.B2F, FLOATS, 0);
    }
}
