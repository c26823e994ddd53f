package io.adaptermill.lora.quant;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// One weight of the frozen base, `[rows, columns]`, kept in the fewest bytes that lose nothing more than its file did.
///
/// A vector (a norm, a bias) has one row. Reading is safe from many threads at once, allocates next to nothing, and
/// gives the same bits on every machine. The memory belongs to the [io.adaptermill.lora.model.Checkpoint].
public sealed interface FrozenTensor permits DenseTensor, QuantisedTensor {
    int rows();

    int columns();

    /// Writes rows `[from, to)` as little-endian float32.
    ///
    /// @param out where to write, at least `at + 4 · columns · (to - from)` bytes
    /// @param at byte offset in `out`
    void readFloats(int from, int to, MemorySegment out, long at);

    /// Writes rows `[from, to)` as bfloat16, each value the float32 one rounded to nearest, ties to even.
    ///
    /// @param out where to write, at least `at + 2 · columns · (to - from)` bytes
    /// @param at byte offset in `out`
    void readBrainFloats(int from, int to, MemorySegment out, long at);

    /// What the stored bytes mean, such as `nf4+dq`, `q4_1`, `q8_0`, `bf16`, `f32`.
    String storage();

    /// The stored bytes, in a fixed order: what a fingerprint covers.
    List<MemorySegment> bytes();

    default long sizeBytes() {
        return bytes().stream().mapToLong(MemorySegment::byteSize).sum();
    }
}
