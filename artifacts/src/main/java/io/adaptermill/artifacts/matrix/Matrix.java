package io.adaptermill.artifacts.matrix;

import io.adaptermill.artifacts.FloatTensor;
import java.util.List;

/// A dense matrix of doubles, row-major: factors of updates and, one at a time, whole updates.
///
/// Owns its array: callers hand it over and must not write to it afterwards.
///
/// @param values `rows · columns` numbers
@SuppressWarnings("ArrayRecordComponent") // a matrix is its numbers; it is compared by subtraction, never by equals
public record Matrix(int rows, int columns, double[] values) {
    public Matrix {
        if (rows < 0 || columns < 0 || values.length != (long) rows * columns) {
            throw new IllegalArgumentException(
                    "a %d x %d matrix was given %d values".formatted(rows, columns, values.length));
        }
    }

    public static Matrix zeros(int rows, int columns) {
        return new Matrix(rows, columns, new double[Math.multiplyExact(rows, columns)]);
    }

    public static Matrix of(FloatTensor tensor) {
        float[] floats = tensor.values();
        double[] values = new double[floats.length];
        for (int i = 0; i < floats.length; i++) values[i] = floats[i];
        return new Matrix(tensor.rows(), tensor.columns(), values);
    }

    public static Matrix diagonal(double[] values) {
        Matrix diagonal = zeros(values.length, values.length);
        for (int i = 0; i < values.length; i++) diagonal.values[i * values.length + i] = values[i];
        return diagonal;
    }

    /// Rounded to float32.
    public FloatTensor floats() {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return new FloatTensor(rows, columns, floats);
    }

    public double at(int row, int column) {
        return values[row * columns + column];
    }

    public Matrix times(double factor) {
        double[] product = new double[values.length];
        for (int i = 0; i < product.length; i++) product[i] = factor * values[i];
        return new Matrix(rows, columns, product);
    }

    /// `this · that`.
    public Matrix times(Matrix that) {
        requireSame("columns", columns, "rows", that.rows);
        Matrix product = zeros(rows, that.columns);
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < columns; k++) {
                addRow(
                        product.values,
                        i * that.columns,
                        values[i * columns + k],
                        that.values,
                        k * that.columns,
                        that.columns);
            }
        }
        return product;
    }

    /// `thisᵀ · that`, without turning anything round.
    public Matrix transposedTimes(Matrix that) {
        requireSame("rows", rows, "rows", that.rows);
        Matrix product = zeros(columns, that.columns);
        for (int k = 0; k < rows; k++) {
            for (int i = 0; i < columns; i++) {
                addRow(
                        product.values,
                        i * that.columns,
                        values[k * columns + i],
                        that.values,
                        k * that.columns,
                        that.columns);
            }
        }
        return product;
    }

    public Matrix transposed() {
        Matrix turned = zeros(columns, rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) turned.values[j * rows + i] = values[i * columns + j];
        }
        return turned;
    }

    public Matrix plus(Matrix that) {
        requireSame("rows", rows, "rows", that.rows);
        requireSame("columns", columns, "columns", that.columns);
        double[] sum = new double[values.length];
        for (int i = 0; i < sum.length; i++) sum[i] = values[i] + that.values[i];
        return new Matrix(rows, columns, sum);
    }

    public Matrix minus(Matrix that) {
        return plus(that.times(-1));
    }

    /// The first columns.
    public Matrix leftColumns(int count) {
        Matrix left = zeros(rows, count);
        for (int i = 0; i < rows; i++) System.arraycopy(values, i * columns, left.values, i * count, count);
        return left;
    }

    /// `[m₁ m₂ …]`.
    public static Matrix besides(List<Matrix> parts) {
        int columns = parts.stream().mapToInt(Matrix::columns).sum();
        Matrix all = zeros(parts.getFirst().rows, columns);
        int at = 0;
        for (Matrix part : parts) {
            for (int i = 0; i < part.rows; i++) {
                System.arraycopy(part.values, i * part.columns, all.values, i * columns + at, part.columns);
            }
            at += part.columns;
        }
        return all;
    }

    /// `[m₁; m₂; …]`.
    public static Matrix stacked(List<Matrix> parts) {
        int rows = parts.stream().mapToInt(Matrix::rows).sum();
        Matrix all = zeros(rows, parts.getFirst().columns);
        int at = 0;
        for (Matrix part : parts) {
            System.arraycopy(part.values, 0, all.values, at, part.values.length);
            at += part.values.length;
        }
        return all;
    }

    /// Frobenius norm.
    public double norm() {
        double sum = 0;
        for (double value : values) sum += value * value;
        return Math.sqrt(sum);
    }

    private static void addRow(double[] out, int to, double factor, double[] row, int from, int count) {
        if (factor == 0) return;
        for (int j = 0; j < count; j++) out[to + j] += factor * row[from + j];
    }

    private static void requireSame(String left, int a, String right, int b) {
        if (a != b) {
            throw new IllegalArgumentException(
                    "the left matrix's " + left + " and the right's " + right + " differ: " + a + " and " + b);
        }
    }
}
