package io.adaptermill.artifacts;

import java.util.Arrays;

/// A small dense float32 matrix, row-major: one factor of a low-rank update, or a moment of its optimizer.
///
/// Owns its array: callers hand it over and must not write to it afterwards.
public final class FloatTensor {
    private final int rows;
    private final int columns;
    private final float[] values;

    public FloatTensor(int rows, int columns, float[] values) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException("rows and columns must be at least 1, was " + rows + " x " + columns);
        }
        if (values.length != (long) rows * columns) {
            throw new IllegalArgumentException("a " + rows + " x " + columns + " tensor has " + (long) rows * columns
                    + " values, was " + values.length);
        }
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    public static FloatTensor zeros(int rows, int columns) {
        return new FloatTensor(rows, columns, new float[Math.multiplyExact(rows, columns)]);
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /// The values themselves, not a copy: read only.
    public float[] values() {
        return values;
    }

    public boolean isFinite() {
        for (float value : values) {
            if (!Float.isFinite(value)) return false;
        }
        return true;
    }

    /// Bitwise, so that a tensor equals itself after a round trip through a file.
    @Override
    public boolean equals(Object other) {
        return other instanceof FloatTensor that
                && rows == that.rows
                && columns == that.columns
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * rows + columns) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "FloatTensor[" + rows + " x " + columns + "]";
    }
}
