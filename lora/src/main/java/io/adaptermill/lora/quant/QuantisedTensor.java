package io.adaptermill.lora.quant;

import java.lang.foreign.MemorySegment;

/// A weight that is kept as codes and scales. Each storage has one reader, by vectors or, where those are narrow, by
/// plain loops that give the same bits.
sealed interface QuantisedTensor extends FrozenTensor permits BlockTensor, FourBitTensor, GroupedTensor, Int8Tensor {
    /// Puts rows `[from, to)` from the sink's start on.
    void read(int from, int to, Sink sink, boolean wide);

    @Override
    default void readFloats(int from, int to, MemorySegment out, long at) {
        read(from, to, new Sink(out, at, false), BrainFloats.WIDE);
    }

    @Override
    default void readBrainFloats(int from, int to, MemorySegment out, long at) {
        read(from, to, new Sink(out, at, true), BrainFloats.WIDE);
    }
}
