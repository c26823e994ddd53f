package io.adaptermill.lora.quant;

import static io.adaptermill.lora.quant.BrainFloats.FLOAT;
import static io.adaptermill.lora.quant.BrainFloats.FLOATS;
import static io.adaptermill.lora.quant.BrainFloats.LANES;
import static io.adaptermill.lora.quant.BrainFloats.SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/// Where dequantised weights go, and whether as float32 or rounded to bfloat16.
///
/// @param memory little-endian
/// @param start byte offset of the first weight
record Sink(MemorySegment memory, long start, boolean brains) {
    /// Byte offset of one weight.
    long at(long element) {
        return start + (element << (brains ? 1 : 2));
    }

    void put(long element, float weight) {
        if (brains) memory.set(SHORT, at(element), BrainFloats.round(weight));
        else memory.set(FLOAT, at(element), weight);
    }

    /// Rounds the weights that lie in a scratch to where they belong.
    ///
    /// Readers that cannot afford a loop for each kind of number go this way: a loop that chose by the kind what
    /// to do with a vector was compiled to vectors on the heap, five times slower.
    ///
    /// @param floats float32, a multiple of 16
    void round(MemorySegment floats, long element, int count) {
        for (int i = 0; i < count; i += LANES) {
            BrainFloats.round(FloatVector.fromMemorySegment(FLOATS, floats, 4L * i, ByteOrder.LITTLE_ENDIAN))
                    .intoMemorySegment(memory, at(element + i), ByteOrder.LITTLE_ENDIAN);
        }
    }
}
