package io.adaptermill.lora.kernel;

import java.util.Arrays;

/// Sizes of row tiles that give the same bits, ascending; the smallest divides all numbers of rows there are.
record TileSizes(int... sizes) {
    static final TileSizes NONE = new TileSizes();

    TileSizes with(int size) {
        int[] more = Arrays.copyOf(sizes, sizes.length + 1);
        more[sizes.length] = size;
        return new TileSizes(more);
    }

    /// As few tiles as the sizes allow, the largest first.
    ///
    /// @param rows a multiple of the smallest size
    int[] cover(int rows) {
        int[] tiles = new int[rows / sizes[0]];
        int count = 0;
        int left = rows;
        for (int i = sizes.length - 1; left > 0 && i >= 0; i--) {
            for (; left >= sizes[i]; left -= sizes[i]) tiles[count++] = sizes[i];
        }
        if (left > 0) throw new IllegalArgumentException("rows must be a multiple of " + sizes[0] + ", were " + rows);
        return Arrays.copyOf(tiles, count);
    }
}
