package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Window;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// How an update's thin products are cut for several threads: by the number of its rows alone, so that its bits
/// depend neither on the number of threads nor on who else is in the pass.
final class ThinPieces {
    /// Below twice as many rows, calling the library takes longer than what it computes.
    private static final int ROWS = 256;
    /// What widths are multiples of: a cache line of bfloat16.
    private static final int COLUMNS = 32;

    private static final int ROW_STEP = 16;

    private ThinPieces() {}

    static List<Runnable> ofRows(int rows, Consumer<Window> piece) {
        return pieces(Window.cut(rows, ROW_STEP, count(rows)), piece);
    }

    /// @param rows that each piece goes over
    static List<Runnable> ofColumns(int columns, int rows, Consumer<Window> piece) {
        return pieces(Window.cut(columns, COLUMNS, count(rows)), piece);
    }

    private static int count(int rows) {
        return Math.max(1, rows / ROWS);
    }

    private static List<Runnable> pieces(Window[] windows, Consumer<Window> piece) {
        return Arrays.stream(windows)
                .<Runnable>map(window -> () -> piece.accept(window))
                .toList();
    }
}
