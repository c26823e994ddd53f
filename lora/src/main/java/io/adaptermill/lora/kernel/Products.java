package io.adaptermill.lora.kernel;

import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/// Matrix products by torch, in the precision of their arguments, with float32 sums inside.
///
/// All write into `y`, whose shape must be the result's. Those by rows and the batched ones are shared among the pool's
/// threads; how many there are changes no bit. The others run on the caller's thread, whatever it is.
public final class Products {
    /// Multiplications that a piece of a batch should have, so that calling the library does not cost more.
    private static final long PIECE = 4_000_000;

    /// Rows below which libraries take other ways, so that products by rows take no fewer.
    public static final int ROWS_MIN = RowTiles.ROWS_MIN;

    private final Torch torch = Torch.get();
    private final RowPool pool;
    private final RowTiles tiles;

    Products(RowPool pool, RowTiles tiles) {
        this.pool = pool;
        this.tiles = tiles;
    }

    /// `y = x wᵀ`: x `[n, in]`, w `[out, in]`, y `[n, out]`.
    public void nt(Tensor x, Tensor w, Tensor y) {
        torch.run("nt", x.value(), w.value(), y.value());
    }

    /// `y = x w`: x `[n, out]`, w `[out, in]`, y `[n, in]`.
    public void nn(Tensor x, Tensor w, Tensor y) {
        torch.run("nn", x.value(), w.value(), y.value());
    }

    /// `y = x wᵀ` as [#nt], where a row of y depends on its row of x and on nothing else, above all not on how
    /// many rows there are.
    ///
    /// @param x rows a multiple of 16, at least [#ROWS_MIN]
    public void rowsNt(Tensor x, Tensor w, Tensor y) {
        tiled(tiles.of("nt", w), ProductPart::nt, x, w, y);
    }

    /// `y = x w` as [#nn], each row by itself as in [#rowsNt].
    public void rowsNn(Tensor x, Tensor w, Tensor y) {
        tiled(tiles.of("nn", w), ProductPart::nn, x, w, y);
    }

    /// Asks the library about weights of this shape now, rather than in the middle of the first pass.
    public void prepareRows(int out, int in, Precision precision) {
        prepareRowsNt(out, in, precision);
        prepareRowsNn(out, in, precision);
    }

    /// As [#prepareRows], for [#rowsNn] alone.
    void prepareRowsNn(int out, int in, Precision precision) {
        tiles.of("nn", out, in, precision);
    }

    /// As [#prepareRows], for [#rowsNt] alone.
    public void prepareRowsNt(int out, int in, Precision precision) {
        tiles.of("nt", out, in, precision);
    }

    /// As [#rowsNn], over some of w's rows and the columns of x that meet them, on the caller's thread.
    ///
    /// @param firstOfY where the result's rows begin in y
    void rowsNn(Tensor x, Tensor w, Window ofW, Tensor y, int firstOfY) {
        Window columns = new Window(0, w.columns());
        int first = 0;
        for (int rows :
                tiles.of("nn", ofW.rows(), w.columns(), w.precision()).rows().cover(x.rows())) {
            ProductPart.nn(x, w, ofW, y, new Window(first, rows), firstOfY + first, columns)
                    .run();
            first += rows;
        }
    }

    private interface Cut {
        ProductPart part(Tensor x, Tensor w, Tensor y, Window rows, Window columns);
    }

    private void tiled(Tiling tiling, Cut cut, Tensor x, Tensor w, Tensor y) {
        List<Runnable> parts = new ArrayList<>();
        Window[] columns = tiling.columns(y.columns());
        int first = 0;
        for (int rows : tiling.rows().cover(x.rows())) {
            for (Window window : columns) parts.add(cut.part(x, w, y, new Window(first, rows), window)::run);
            first += rows;
        }
        pool.all(parts);
    }

    /// `y = xᵀ w`: x `[n, out]`, w `[n, in]`, y `[out, in]`.
    public void tn(Tensor x, Tensor w, Tensor y) {
        torch.run("tn", x.value(), w.value(), y.value());
    }

    /// Some rows of `y = x wᵀ`.
    public void nt(Tensor x, Window rows, Tensor w, Tensor y) {
        torch.run("nt", value(x, rows), w.value(), value(y, rows));
    }

    /// Some rows of `y = x w`.
    public void nn(Tensor x, Window rows, Tensor w, Tensor y) {
        torch.run("nn", value(x, rows), w.value(), value(y, rows));
    }

    /// Some rows of `y = xᵀ w`, from these columns of x.
    public void tnRows(Tensor x, Window columns, Tensor w, Tensor y) {
        torch.run("tn", x.columns(columns, 0, x.rows()), w.value(), value(y, columns));
    }

    /// Some columns of `y = xᵀ w`.
    public void tnColumns(Tensor x, Tensor w, Window columns, Tensor y) {
        torch.run("tn", x.value(), w.columns(columns, 0, w.rows()), y.columns(columns, 0, y.rows()));
    }

    /// `y += x wᵀ`, some rows.
    public void addNt(Tensor x, Window rows, Tensor w, Tensor y) {
        torch.run("add_nt", value(x, rows), w.value(), value(y, rows));
    }

    /// `y += x w`, some rows.
    public void addNn(Tensor x, Window rows, Tensor w, Tensor y) {
        torch.run("add_nn", value(x, rows), w.value(), value(y, rows));
    }

    private static IValue value(Tensor tensor, Window rows) {
        return tensor.value(rows.first(), rows.rows());
    }

    /// `y_b = x_b w_bᵀ` for each b of the first axis.
    public void batchNt(Tensor x, Tensor w, Tensor y) {
        batchNt(x, x.matrix(), w, w.matrix(), y);
    }

    /// `y_b = x_b w_b` for each b of the first axis.
    public void batchNn(Tensor x, Tensor w, Tensor y) {
        batchNn(x, w, w.matrix(), y);
    }

    /// `y_b = x_bᵀ w_b` for each b of the first axis.
    public void batchTn(Tensor x, Tensor w, Tensor y) {
        batchTn(x, w, w.matrix(), y);
    }

    /// `y_b = x_b w_bᵀ` over some of the rows of x and of w.
    public void batchNt(Tensor x, Window ofX, Tensor w, Window ofW, Tensor y) {
        batch("batch_nt", x.columns(), x, ofX, w, ofW, y);
    }

    /// `y_b = x_b w_b` over some of the rows of w.
    public void batchNn(Tensor x, Tensor w, Window ofW, Tensor y) {
        batch("batch_nn", x.columns(), x, x.matrix(), w, ofW, y);
    }

    /// `y_b = x_bᵀ w_b` over some of the rows of w.
    public void batchTn(Tensor x, Tensor w, Window ofW, Tensor y) {
        batch("batch_tn", ofW.rows(), x, x.matrix(), w, ofW, y);
    }

    /// Cut into pieces of several matrices, by their sizes alone.
    ///
    /// @param terms of each sum
    private void batch(String kernel, int terms, Tensor x, Window ofX, Tensor w, Window ofW, Tensor y) {
        int matrices = y.matrices();
        int pieces = Math.clamp(y.elements() * terms / PIECE, 1, matrices);
        pool.each(pieces, piece -> {
            int first = matrices * piece / pieces;
            Window part = new Window(first, matrices * (piece + 1) / pieces - first);
            torch.run(kernel, x.value(part, ofX), w.value(part, ofW), y.value(part, y.matrix()));
        });
    }
}
