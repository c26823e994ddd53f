package io.adaptermill.lora.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;

/// Native memory handed out in order and taken back all at once: what one step needs, used again by the next.
///
/// Every tensor starts on a cache line, which keeps the products' results independent of where memory happens
/// to lie. Owned by one thread. Closing gives the memory back to the system; tensors of a closed workspace
/// must not be used.
public final class Workspace implements AutoCloseable {
    private static final long ALIGNMENT = 64;
    /// A piece asked from the system is this share of what is there already, within bounds: so that little is
    /// left over, in small workspaces as in large ones.
    private static final int GROWTH = 4;

    private static final long CHUNK_BYTES_MIN = 1L << 20;
    private static final long CHUNK_BYTES_MAX = 16L << 20;

    private final LongFunction<Chunk> source;
    private final List<Chunk> chunks = new ArrayList<>();
    private final List<Tensor> tensors = new ArrayList<>();
    private int handedOut;

    public Workspace() {
        this(size -> Chunk.resident(size, ALIGNMENT));
    }

    private Workspace(LongFunction<Chunk> source) {
        this.source = source;
    }

    /// A workspace whose memory lies in files without a name, for what is read once in a while: the system
    /// may take it out of memory in between.
    ///
    /// @param folder on a disk
    public static Workspace paged(Path folder) {
        return new Workspace(size -> Chunk.paged(folder, size));
    }

    /// @return memory with whatever was there before in it
    public Tensor tensor(Precision precision, long... shape) {
        long elements = 1;
        for (long axis : shape) elements = Math.multiplyExact(elements, axis);
        if (elements < 1) {
            throw new IllegalArgumentException("every axis must be at least 1, were " + Arrays.toString(shape));
        }
        long bytes = elements * precision.sizeBytes();
        long rounded = (bytes + ALIGNMENT - 1) & -ALIGNMENT;
        Chunk chunk = chunkFor(rounded);
        return handOut(chunk, chunk.take(rounded), bytes, precision, shape);
    }

    public Tensor zeros(Precision precision, long... shape) {
        Tensor tensor = tensor(precision, shape);
        tensor.clear();
        return tensor;
    }

    /// Another tensor of the same shape and numbers.
    public Tensor copy(Tensor tensor) {
        Tensor copy = tensor(tensor.precision(), tensor.rows(), tensor.columns());
        copy.memory().copyFrom(tensor.memory());
        return copy;
    }

    /// Some of a tensor's rows, in another shape, on the same memory.
    public Tensor view(Tensor tensor, long firstElement, long... shape) {
        long elements = 1;
        for (long axis : shape) elements = Math.multiplyExact(elements, axis);
        int size = tensor.precision().sizeBytes();
        Objects.checkFromIndexSize(firstElement, elements, tensor.elements());
        long offset = tensor.offset() + firstElement * size;
        return handOut(tensor.chunk(), offset, elements * size, tensor.precision(), shape);
    }

    /// Takes back every tensor handed out since the last reset; keeps the memory for the next.
    ///
    /// Whoever asks for the same shapes in the same order again gets the same tensors, with torch's handles
    /// ready.
    public void reset() {
        handedOut = 0;
        chunks.forEach(Chunk::reset);
    }

    public long sizeBytes() {
        return chunks.stream().mapToLong(chunk -> chunk.memory().byteSize()).sum();
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::release);
        tensors.clear();
        chunks.forEach(Chunk::close);
        chunks.clear();
    }

    private Tensor handOut(Chunk chunk, long offset, long bytes, Precision precision, long... shape) {
        int index = handedOut++;
        if (index == tensors.size()) {
            tensors.add(new Tensor(chunk, offset, bytes, precision, shape));
        } else if (!tensors.get(index).is(chunk, offset, precision, shape)) {
            tensors.get(index).release();
            tensors.set(index, new Tensor(chunk, offset, bytes, precision, shape));
        }
        return tensors.get(index);
    }

    /// The first that has room, so that small tensors fill what large ones leave at the ends of chunks.
    private Chunk chunkFor(long bytes) {
        for (Chunk chunk : chunks) {
            if (chunk.fits(bytes)) return chunk;
        }
        long usual = Math.clamp(sizeBytes() / GROWTH, CHUNK_BYTES_MIN, CHUNK_BYTES_MAX);
        chunks.add(source.apply(Math.max(bytes, usual)));
        return chunks.getLast();
    }
}
