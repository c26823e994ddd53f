package io.adaptermill.lora.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Native memory handed out in order and taken back all at once: what one step needs, used again by the next.
///
/// Every tensor starts on a cache line, which keeps the products' results independent of where memory happens to lie.
/// Owned by one thread. Closing gives the memory back to the system; tensors of a closed workspace must not be used.
public final class Workspace implements AutoCloseable {
    private static final long ALIGNMENT = 64;
    /// Smallest piece asked from the system.
    private static final long CHUNK_BYTES = 16L << 20;

    private final List<Chunk> chunks = new ArrayList<>();
    private final List<Tensor> tensors = new ArrayList<>();
    private int current;
    private int handedOut;

    /// @return memory with whatever was there before in it
    public Tensor tensor(Precision precision, long... shape) {
        long elements = 1;
        for (long axis : shape) elements = Math.multiplyExact(elements, axis);
        if (elements < 1) {
            throw new IllegalArgumentException("every axis must be at least 1, were " + Arrays.toString(shape));
        }
        return handOut(take(elements * precision.sizeBytes()), precision, shape);
    }

    public Tensor zeros(Precision precision, long... shape) {
        Tensor tensor = tensor(precision, shape);
        tensor.clear();
        return tensor;
    }

    /// Some of a tensor's rows, in another shape, on the same memory.
    public Tensor view(Tensor tensor, long firstElement, long... shape) {
        long elements = 1;
        for (long axis : shape) elements = Math.multiplyExact(elements, axis);
        int size = tensor.precision().sizeBytes();
        MemorySegment memory = tensor.memory().asSlice(firstElement * size, elements * size);
        return handOut(memory, tensor.precision(), shape);
    }

    /// Takes back every tensor handed out since the last reset; keeps the memory for the next.
    ///
    /// Whoever asks for the same shapes in the same order again gets the same tensors, with torch's handles ready.
    public void reset() {
        handedOut = 0;
        chunks.forEach(chunk -> chunk.used = 0);
        current = 0;
    }

    public long sizeBytes() {
        return chunks.stream().mapToLong(chunk -> chunk.memory.byteSize()).sum();
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::release);
        tensors.clear();
        chunks.forEach(chunk -> chunk.arena.close());
        chunks.clear();
    }

    private Tensor handOut(MemorySegment memory, Precision precision, long... shape) {
        int index = handedOut++;
        if (index == tensors.size()) {
            tensors.add(new Tensor(memory, precision, shape));
        } else if (!tensors.get(index).is(memory, precision, shape)) {
            tensors.get(index).release();
            tensors.set(index, new Tensor(memory, precision, shape));
        }
        return tensors.get(index);
    }

    private MemorySegment take(long bytes) {
        long rounded = (bytes + ALIGNMENT - 1) & -ALIGNMENT;
        while (current < chunks.size() && !chunks.get(current).fits(rounded)) current++;
        if (current == chunks.size()) chunks.add(new Chunk(Math.max(rounded, CHUNK_BYTES)));
        return chunks.get(current).take(bytes, rounded);
    }

    private static final class Chunk {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory;
        private long used;

        Chunk(long bytes) {
            memory = arena.allocate(bytes, ALIGNMENT);
        }

        boolean fits(long bytes) {
            return used + bytes <= memory.byteSize();
        }

        MemorySegment take(long bytes, long rounded) {
            MemorySegment taken = memory.asSlice(used, bytes);
            used += rounded;
            return taken;
        }
    }
}
