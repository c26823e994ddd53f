package io.adaptermill.lora.quant;

import static io.adaptermill.lora.quant.BrainFloats.FLOAT;
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

    /// The vector twin of [#put(long, float)]: 16 weights from that one on.
    void put(long element, FloatVector weights) {
        if (brains) BrainFloats.round(weights).intoMemorySegment(memory, at(element), ByteOrder.LITTLE_ENDIAN);
        else weights.intoMemorySegment(memory, at(element), ByteOrder.LITTLE_ENDIAN);
    }
}
