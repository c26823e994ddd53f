package io.adaptermill.lora.kernel;

import ai.djl.pytorch.jni.IValue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A piece of native memory that a [Workspace] cuts tensors from, and torch's one handle on all of its bytes.
final class Chunk implements AutoCloseable {
    private final Arena arena;
    private final MemorySegment memory;
    private @Nullable IValue bytes;
    private long used;

    private Chunk(Arena arena, MemorySegment memory) {
        this.arena = arena;
        this.memory = memory;
    }

    @SuppressWarnings("MustBeClosedChecker") // close() closes it
    static Chunk resident(long size, long alignment) {
        Arena arena = Arena.ofShared();
        return new Chunk(arena, arena.allocate(size, alignment));
    }

    @SuppressWarnings("MustBeClosedChecker") // close() closes it
    static Chunk paged(Path folder, long size) {
        Arena arena = Arena.ofShared();
        try {
            return new Chunk(arena, PagedMemory.of(folder, size, arena));
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    MemorySegment memory() {
        return memory;
    }

    boolean fits(long size) {
        return used + size <= memory.byteSize();
    }

    /// @return the offset of so many bytes that were free
    long take(long size) {
        long at = used;
        used += size;
        return at;
    }

    void reset() {
        used = 0;
    }

    /// Torch's tensor over part of the bytes.
    IValue view(long offset, Precision precision, long[] shape, long[] strides) {
        return Torch.get().view(bytes(), offset / precision.sizeBytes(), precision, shape, strides);
    }

    private synchronized IValue bytes() {
        IValue known = bytes;
        if (known == null) {
            known = Torch.get().bytes(memory);
            bytes = known;
        }
        return known;
    }

    @Override
    public void close() {
        IValue known = bytes;
        if (known != null) known.close();
        arena.close();
    }
}
