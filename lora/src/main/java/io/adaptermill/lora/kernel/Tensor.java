package io.adaptermill.lora.kernel;

import ai.djl.pytorch.jni.IValue;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A row-major array in native memory that Java's kernels and torch's products read and write alike.
///
/// Belongs to the [Workspace] that made it and lives as long as that keeps its memory. Used by one thread at a
/// time for products; Java kernels may read and write disjoint rows from several.
public final class Tensor {
    private final Chunk chunk;
    private final long offset;
    private final MemorySegment memory;
    private final Precision precision;
    private final long[] shape;
    private final int columns;
    private @Nullable IValue value;

    Tensor(Chunk chunk, long offset, long bytes, Precision precision, long... shape) {
        this.chunk = chunk;
        this.offset = offset;
        this.memory = chunk.memory().asSlice(offset, bytes);
        this.precision = precision;
        this.shape = shape;
        this.columns = Math.toIntExact(shape[shape.length - 1]);
    }

    public MemorySegment memory() {
        return memory;
    }

    public Precision precision() {
        return precision;
    }

    /// Width of the last axis.
    public int columns() {
        return columns;
    }

    /// All axes but the last, as one.
    public int rows() {
        return Math.toIntExact(elements() / columns);
    }

    public long elements() {
        return memory.byteSize() / precision.sizeBytes();
    }

    /// One number, for tests and small loops.
    public float get(long element) {
        return precision.lanes().get(memory, element);
    }

    public void set(long element, float number) {
        precision.lanes().set(memory, element, number);
    }

    public void fill(float[] numbers) {
        if (numbers.length != elements()) {
            throw new IllegalArgumentException(this + " holds " + elements() + " numbers, was given " + numbers.length);
        }
        for (int i = 0; i < numbers.length; i++) set(i, numbers[i]);
    }

    public float[] toArray() {
        float[] numbers = new float[Math.toIntExact(elements())];
        for (int i = 0; i < numbers.length; i++) numbers[i] = get(i);
        return numbers;
    }

    public void clear() {
        memory.fill((byte) 0);
    }

    /// Makes torch's handle now, so that afterwards several threads may use this tensor, read-only, in their
    /// products.
    public void share() {
        value();
    }

    /// Zeroes all rows from this one on.
    public void clearFrom(int row) {
        long at = (long) row * columns * precision.sizeBytes();
        memory.asSlice(at).fill((byte) 0);
    }

    /// Torch's handle, made when a product first asks for it.
    IValue value() {
        IValue known = value;
        if (known == null) {
            known = chunk.view(offset, precision, shape);
            value = known;
        }
        return known;
    }

    boolean is(Chunk place, long at, Precision type, long... axes) {
        return place == chunk && at == offset && type == precision && Arrays.equals(axes, shape);
    }

    Chunk chunk() {
        return chunk;
    }

    /// First byte within the chunk.
    long offset() {
        return offset;
    }

    void release() {
        IValue known = value;
        if (known != null) known.close();
        value = null;
    }

    @Override
    public String toString() {
        return precision + Arrays.toString(shape);
    }
}
