package io.adaptermill.lora.kernel;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Sizes of row tiles that give the same bits, ascending.
record TileSizes(int... sizes) {
    static final TileSizes NONE = new TileSizes();

    TileSizes with(int size) {
        int[] more = Arrays.copyOf(sizes, sizes.length + 1);
        more[sizes.length] = size;
        return new TileSizes(more);
    }

    /// Whether any multiple of a step from some size on can be covered.
    boolean coversAll(int step, int from) {
        return has(step) || IntStream.range(0, from / step).allMatch(i -> has(from + i * step));
    }

    private boolean has(int size) {
        return Arrays.stream(sizes).anyMatch(known -> known == size);
    }

    /// Fewest rows that a tile can have.
    int least() {
        return sizes[0];
    }

    /// Few tiles, the largest first, none of which leaves fewer rows than a tile can have.
    ///
    /// @param rows a multiple of 16, at least [#least]
    int[] cover(int rows) {
        int[] tiles = new int[rows / least() + 1];
        int count = 0;
        for (int left = rows; left > 0; left -= tiles[count++]) tiles[count] = largest(left, rows);
        return Arrays.copyOf(tiles, count);
    }

    private int largest(int left, int rows) {
        for (int i = sizes.length - 1; i >= 0; i--) {
            int rest = left - sizes[i];
            if (rest == 0 || rest >= least()) return sizes[i];
        }
        throw new IllegalArgumentException("rows must be a multiple of 16 and at least " + least() + ", were " + rows);
    }
}
