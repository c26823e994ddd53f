package io.adaptermill.lora.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Loads and stores float32 vectors from and to memory of one [Precision], so that a kernel is written once.
///
/// A process that trains in one precision loads one subclass only, which lets the compiler inline every access.
public abstract sealed class Lanes permits Bf16Lanes, F32Lanes {
    /// The widest float vector of this machine; kernels are correct on any width.
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /// Lanes of one vector: 16 with AVX-512.
    public static final int WIDTH = SPECIES.length();

    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /// Every access goes through this one constant segment, at an absolute address, after a check against the
    /// bounds of the segment it is meant for.
    ///
    /// Segments of several classes (native, mapped, on the heap) anywhere in the process teach the JDK's shared
    /// access methods that a segment may be any of them. Every kernel then paid virtual calls for each vector:
    /// a run that had read a mapped file took twice as long.
    static final MemorySegment MEMORY = everything();

    /// @param memory native
    /// @param element index in elements of this precision, not in bytes
    public abstract FloatVector load(MemorySegment memory, long element);

    public abstract void store(FloatVector vector, MemorySegment memory, long element);

    public abstract float get(MemorySegment memory, long element);

    public abstract void set(MemorySegment memory, long element, float value);

    /// One number at an absolute address that somebody has checked.
    abstract float number(long address);

    abstract void put(long address, float value);

    /// The absolute address of some bytes of a segment.
    static long address(MemorySegment memory, long offset, long bytes) {
        Objects.checkFromIndexSize(offset, bytes, memory.byteSize());
        return memory.address() + offset;
    }

    @SuppressWarnings("restricted") // what lies there is checked in address()
    private static MemorySegment everything() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(SPECIES, 8 % WIDTH, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(SPECIES, 4 % WIDTH, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(SPECIES, 2 % WIDTH, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(SPECIES, 1 % WIDTH, 1, true);

    /// The sum of a vector's lanes by halving, the same in interpreted and in compiled code (`reduceLanes`
    /// leaves its order open, and cold and warm runs differed by it).
    public static float sum(FloatVector vector) {
        FloatVector folded = vector;
        if (WIDTH > 8) folded = folded.add(folded.rearrange(BY_8));
        if (WIDTH > 4) folded = folded.add(folded.rearrange(BY_4));
        if (WIDTH > 2) folded = folded.add(folded.rearrange(BY_2));
        return folded.add(folded.rearrange(BY_1)).lane(0);
    }
}
