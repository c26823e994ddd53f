package io.adaptermill.lora.kernel;

/// A range of rows, `[first, first + rows)`, or of columns; of a batch `[b, n, d]`, of every `[n, d]` in it.
public record Window(int first, int rows) {
    /// Ranges over all of a size, as equal as can be.
    ///
    /// @param step what all of them, but for the last, are multiples of
    public static Window[] cut(int size, int step, int atMost) {
        int units = (size + step - 1) / step;
        int count = Math.min(atMost, units);
        Window[] windows = new Window[count];
        for (int i = 0; i < count; i++) {
            int from = step * (units * i / count);
            int to = Math.min(size, step * (units * (i + 1) / count));
            windows[i] = new Window(from, to - from);
        }
        return windows;
    }
}
