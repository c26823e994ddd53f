package io.adaptermill.lora.kernel;

/// How a product is cut into pieces that several threads can take, each with the bits that it has in the whole.
///
/// @param rows sizes of row tiles
/// @param parts how many column windows at most, each a multiple of [#COLUMNS] wide
record Tiling(TileSizes rows, int parts) {
    /// Columns that a window's width is a multiple of: a cache line of bfloat16.
    static final int COLUMNS = 32;

    /// Windows over all columns, as equal as can be.
    Window[] columns(int columns) {
        return Window.cut(columns, COLUMNS, parts);
    }
}
