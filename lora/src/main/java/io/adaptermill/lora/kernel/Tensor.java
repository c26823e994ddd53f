package io.adaptermill.lora.kernel;

import ai.djl.pytorch.jni.IValue;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A row-major array in native memory that Java's kernels and torch's products read and write alike.
///
/// Belongs to the [Workspace] that made it and lives as long as that keeps its memory. Several threads may read and
/// write disjoint parts.
public final class Tensor {
    private final Chunk chunk;
    private final long offset;
    private final MemorySegment memory;
    private final Precision precision;
    private final long[] shape;
    private final int columns;
    private volatile @Nullable IValue value;
    /// Handles on some of the rows.
    private final Map<Piece, IValue> pieces = new ConcurrentHashMap<>();

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

    /// Zeroes the rows `[from, to)`.
    public void clear(int from, int to) {
        long row = (long) columns * precision.sizeBytes();
        memory.asSlice(from * row, (to - from) * row).fill((byte) 0);
    }

    /// Torch's handle, made when a product first asks for it.
    IValue value() {
        IValue known = value;
        return known != null ? known : firstValue();
    }

    private synchronized IValue firstValue() {
        IValue known = value;
        if (known == null) {
            known = chunk.view(offset, precision, shape, Torch.strides(shape));
            value = known;
        }
        return known;
    }

    /// Torch's handle on some of the rows, kept like the whole one's.
    IValue value(int first, int rows) {
        if (first == 0 && rows == rows()) return value();
        return columns(new Window(0, columns), first, rows);
    }

    /// Torch's handle on the same rows of some of a batch's matrices, kept like the whole one's.
    IValue value(Window matrices, Window rows) {
        long first = (matrices.first() * shape[1] + rows.first()) * columns;
        return piece(new Piece(first, matrices.rows(), rows.rows(), columns), shape[1] * columns);
    }

    /// Of a batch.
    int matrices() {
        return Math.toIntExact(shape[0]);
    }

    /// All rows of each of a batch's matrices.
    Window matrix() {
        return new Window(0, Math.toIntExact(shape[1]));
    }

    /// Torch's handle on some of the columns of some of the rows, kept like the whole one's.
    IValue columns(Window window, int first, int rows) {
        return piece(new Piece((long) first * columns + window.first(), 1, rows, window.rows()), 0);
    }

    /// Part of a tensor's numbers, each row as far from the next as in the whole.
    ///
    /// @param first element
    private record Piece(long first, long matrices, long rows, long columns) {}

    private IValue piece(Piece piece, long matrixStride) {
        return pieces.computeIfAbsent(piece, unused -> {
            boolean batch = shape.length == 3;
            long[] sizes = batch
                    ? new long[] {piece.matrices(), piece.rows(), piece.columns()}
                    : new long[] {piece.rows(), piece.columns()};
            long[] strides = batch ? new long[] {matrixStride, columns, 1} : new long[] {columns, 1};
            return chunk.view(offset + piece.first() * precision.sizeBytes(), precision, sizes, strides);
        });
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
        pieces.values().forEach(IValue::close);
        pieces.clear();
    }

    @Override
    public String toString() {
        return precision + Arrays.toString(shape);
    }
}
