package io.adaptermill.lora.kernel;

import static io.adaptermill.lora.kernel.Lanes.SPECIES;
import static io.adaptermill.lora.kernel.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;

/// `y = x w` for a w of very many rows, such as an output head's: in stretches of rows that stay in the cache, whose
/// results are added up in float32, in their order. One product over all of it writes the whole weight to memory once
/// more, rearranged, which takes several times as long as the arithmetic.
///
/// Shapes, n rows of x, V rows of w and D columns: x `[n, V]`, w `[V, D]`, y `[n, D]`. Each row by itself, as in
/// [Products#rowsNn].
public final class LongProduct {
    /// Rows of w at a time: about a megabyte.
    private static final int STRETCH = 1024;

    private final Kernels kernels;
    private final Tensor parts;

    /// @param rowsMax most rows of x
    public LongProduct(Kernels kernels, int rowsMax, Tensor w, Workspace memory) {
        this.kernels = kernels;
        parts = memory.tensor(w.precision(), (long) stretches(w.rows()) * rowsMax, w.columns());
    }

    /// As [Products#prepareRows].
    public static void prepare(Kernels kernels, int rows, int columns, Precision precision) {
        kernels.products().prepareRowsNn(Math.min(rows, STRETCH), columns, precision);
        if (rows % STRETCH != 0) kernels.products().prepareRowsNn(rows % STRETCH, columns, precision);
    }

    public void nn(Tensor x, Tensor w, Tensor y) {
        int rows = x.rows();
        int stretches = stretches(w.rows());
        kernels.rows().each(stretches, i -> {
            int first = i * STRETCH;
            Window stretch = new Window(first, Math.min(STRETCH, w.rows() - first));
            kernels.products().rowsNn(x, w, stretch, parts, i * rows);
        });
        add(rows, stretches, y);
    }

    private void add(int rows, int stretches, Tensor y) {
        Lanes lanes = kernels.lanes();
        int width = y.columns();
        long step = (long) rows * width;
        kernels.rows().run(rows, (long) stretches * width, (from, to) -> {
            for (int row = from; row < to; row++) {
                long at = (long) row * width;
                int j = 0;
                for (; j + WIDTH <= width; j += WIDTH) {
                    FloatVector sum = FloatVector.zero(SPECIES);
                    for (int i = 0; i < stretches; i++) sum = sum.add(lanes.load(parts.memory(), i * step + at + j));
                    lanes.store(sum, y.memory(), at + j);
                }
                for (; j < width; j++) {
                    float sum = 0;
                    for (int i = 0; i < stretches; i++) sum += lanes.get(parts.memory(), i * step + at + j);
                    lanes.set(y.memory(), at + j, sum);
                }
            }
        });
    }

    private static int stretches(int rows) {
        return (rows + STRETCH - 1) / STRETCH;
    }
}
