package io.adaptermill.lora.kernel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// In how many rows and columns at a time a product may run so that no result depends on these numbers.
///
/// Libraries choose by the number of rows in which order a long sum is added up. Who trains together with others must
/// get the bits that he gets alone, so rows go through in tiles of sizes that this machine was seen to treat alike:
/// 64 and all that agree with it. Which those are is asked of the library itself, once for each shape, with sums that
/// cancel out, so that what is left is rounding and tells one order from another. Sums of up to a thousand numbers
/// agree in all sizes and cost nothing; longer ones may run in a few tiles. In the same way it is asked whether columns
/// may be shared out among threads.
final class RowTiles {
    private static final int[] SIZES = {16, 32, 48, 64, 80, 96, 112, 128, 192, 256, 320, 512, 768, 1024};
    /// Fewest rows that products take; smaller numbers often take another way through a library.
    static final int ROWS_MIN = 64;

    private static final int STEP = SIZES[0];
    /// Rows of a product with so wide a weight that more never run together; the output head's chunk.
    private static final int WIDE_ROWS_MAX = 128;

    private static final long WIDE = 1L << 23;

    private static final RowTiles INSTANCE = new RowTiles(Kernels.threads());

    private final Map<Shape, Tiling> known = new ConcurrentHashMap<>();
    private final int parts;

    /// @param parts that columns are cut into where that changes nothing
    RowTiles(int parts) {
        this.parts = parts;
    }

    static RowTiles ofThisMachine() {
        return INSTANCE;
    }

    private record Shape(String kernel, int out, int in, Precision precision) {
        /// Numbers that each sum adds up.
        int terms() {
            return kernel.equals("nt") ? in : out;
        }

        int columnsOfX() {
            return terms();
        }

        int columnsOfY() {
            return kernel.equals("nt") ? out : in;
        }

        ProductPart part(Tensor x, Tensor w, Tensor y, Window rows, Window columns) {
            return kernel.equals("nt")
                    ? ProductPart.nt(x, w, y, rows, columns)
                    : ProductPart.nn(x, w, y, rows, columns);
        }

        int rowsMax() {
            return (long) out * in > WIDE ? WIDE_ROWS_MAX : SIZES[SIZES.length - 1];
        }
    }

    /// @param kernel `nt` or `nn`
    /// @param w `[out, in]`, asked for its shape only
    Tiling of(String kernel, Tensor w) {
        return of(kernel, w.rows(), w.columns(), w.precision());
    }

    Tiling of(String kernel, int out, int in, Precision precision) {
        Shape shape = new Shape(kernel, out, in, precision);
        Tiling tiling = known.get(shape);
        return tiling != null ? tiling : known.computeIfAbsent(shape, this::probe);
    }

    private Tiling probe(Shape shape) {
        for (int reference : new int[] {ROWS_MIN, STEP}) {
            for (int count : new int[] {parts, 1}) {
                Tiling tiling = probe(shape, count, reference);
                if (tiling.rows().coversAll(STEP, ROWS_MIN)) return tiling;
            }
        }
        throw new IllegalStateException("this machine's library gives no two rows of a product by " + shape.out()
                + " x " + shape.in() + " the same treatment; set another number of threads or use another processor");
    }

    /// @param reference size whose bits the others must have
    private static Tiling probe(Shape shape, int parts, int reference) {
        try (Workspace memory = new Workspace()) {
            Tensor w = memory.tensor(shape.precision(), shape.out(), shape.in());
            Cancellation.fillWeight(w, shape.kernel().equals("nt"));
            Tensor x = memory.tensor(shape.precision(), shape.rowsMax(), shape.columnsOfX());
            Cancellation.fillRows(x);
            Tensor y = memory.tensor(shape.precision(), shape.rowsMax(), shape.columnsOfY());
            Tensor alone = memory.tensor(shape.precision(), Cancellation.PATTERNS, shape.columnsOfY());
            Window all = new Window(0, shape.columnsOfY());
            for (int first = 0; first < alone.rows(); first += reference) {
                shape.part(x, w, alone, new Window(first, reference), all).run();
            }
            Tiling tiling = new Tiling(TileSizes.NONE, parts);
            Window[] windows = tiling.columns(shape.columnsOfY());
            for (int size : SIZES) {
                if (size > shape.rowsMax()) break;
                Window rows = new Window(0, size);
                for (Window columns : windows)
                    shape.part(x, w, y, rows, columns).run();
                if (repeats(alone, y, size)) tiling = new Tiling(tiling.rows().with(size), parts);
            }
            return tiling;
        }
    }

    /// Whether all rows are the first few over and over, as those of x are.
    private static boolean repeats(Tensor alone, Tensor y, int rows) {
        long row = (long) y.columns() * y.precision().sizeBytes();
        for (int first = 0; first < rows; first += Cancellation.PATTERNS) {
            long bytes = Math.min(Cancellation.PATTERNS, rows - first) * row;
            if (y.memory().asSlice(first * row, bytes).mismatch(alone.memory().asSlice(0, bytes)) >= 0) return false;
        }
        return true;
    }
}
