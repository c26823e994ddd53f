package io.adaptermill.lora.kernel;

import java.lang.foreign.MemorySegment;

/// Numbers whose products add up to nothing but rounding errors, which differ with the order of the sum.
///
/// Along the sum, the second half of x is the first in a mirror, and so is that of w, with its sign turned: blocks of
/// equal size, in which libraries like to sum up, do not cancel one another exactly.
final class Cancellation {
    /// Different rows of x and of w; more would only take longer to make.
    static final int PATTERNS = 64;

    private Cancellation() {}

    /// Rows of x, `[n, terms]`.
    static void fillRows(Tensor x) {
        int patterns = Math.min(x.rows(), PATTERNS);
        for (int row = 0; row < patterns; row++) {
            long at = (long) row * x.columns();
            for (int i = 0; i < x.columns(); i++) x.set(at + i, number(row + 1, fold(i, x.columns())));
        }
        repeat(x, 0, patterns, x.rows());
    }

    /// @param alongRows whether the sum runs along w's rows, as in `x wᵀ`, or along its columns
    static void fillWeight(Tensor w, boolean alongRows) {
        if (alongRows) {
            int patterns = Math.min(w.rows(), PATTERNS);
            for (int row = 0; row < patterns; row++) fillTurned(w, row);
            repeat(w, 0, patterns, w.rows());
        } else {
            for (int row = 0; row < w.rows(); row++) {
                fill(w, row, fold(row, w.rows()), row < w.rows() / 2 ? 1 : -1);
            }
        }
    }

    /// A row whose second half is the first in the mirror, with its sign turned.
    private static void fillTurned(Tensor w, int row) {
        long at = (long) row * w.columns();
        for (int i = 0; i < w.columns(); i++) {
            float number = number(-row - 1, fold(i, w.columns()));
            w.set(at + i, i < w.columns() / 2 ? number : -number);
        }
    }

    private static void fill(Tensor w, int row, int pattern, int sign) {
        long at = (long) row * w.columns();
        for (int i = 0; i < w.columns(); i++) w.set(at + i, sign * number(-pattern - 1, i));
    }

    /// The index that stands opposite in a mirror in the middle, for those beyond it.
    private static int fold(int index, int length) {
        return Math.min(index, length - 1 - index);
    }

    /// Copies rows `[from, from + rows)` over and over up to row `to`.
    private static void repeat(Tensor tensor, int from, int rows, int to) {
        long row = (long) tensor.columns() * tensor.precision().sizeBytes();
        MemorySegment memory = tensor.memory();
        for (int at = from + rows; at < to; at += rows) {
            int count = Math.min(rows, to - at);
            MemorySegment.copy(memory, from * row, memory, at * row, count * row);
        }
    }

    /// Between 1/2 and 2 on either side of zero, without any order to it.
    private static float number(int row, int index) {
        int mixed = (row * 0x9E3779B9) ^ (index * 0x85EBCA6B);
        mixed = (mixed ^ (mixed >>> 15)) * 0xC2B2AE35;
        mixed ^= mixed >>> 13;
        float size = 0.5f + (mixed >>> 9) * (1.5f / (1 << 23));
        return (mixed & 1) == 0 ? size : -size;
    }
}
