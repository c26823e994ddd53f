package io.adaptermill.lora.kernel;

import ai.djl.pytorch.jni.IValue;

/// Matrix products by torch, in the precision of their arguments, with float32 sums inside.
///
/// All write into `y`, whose shape must be the result's. Deterministic for a fixed number of torch threads.
public final class Products {
    private final Torch torch = Torch.get();
    private final RowTiles tiles = RowTiles.ofThisMachine();

    Products() {}

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
    /// @param x rows a multiple of 16
    public void rowsNt(Tensor x, Tensor w, Tensor y) {
        tiled("nt", x, w, y);
    }

    /// `y = x w` as [#nn], each row by itself as in [#rowsNt].
    public void rowsNn(Tensor x, Tensor w, Tensor y) {
        tiled("nn", x, w, y);
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

    /// As [#rowsNn], over some of w's rows and the columns of x that meet them.
    ///
    /// @param firstOfY where the result's rows begin in y
    void rowsNn(Tensor x, Tensor w, Window ofW, Tensor y, int firstOfY) {
        int first = 0;
        for (int rows : tiles.of("nn", ofW.rows(), w.columns(), w.precision()).cover(x.rows())) {
            IValue columns = x.columns(ofW, first, rows);
            torch.run("nn", columns, w.value(ofW.first(), ofW.rows()), y.value(firstOfY + first, rows));
            first += rows;
        }
    }

    private void tiled(String kernel, Tensor x, Tensor w, Tensor y) {
        int first = 0;
        for (int rows : tiles.of(kernel, w).cover(x.rows())) {
            torch.run(kernel, x.value(first, rows), w.value(), y.value(first, rows));
            first += rows;
        }
    }

    /// `y = xᵀ w`: x `[n, out]`, w `[n, in]`, y `[out, in]`.
    public void tn(Tensor x, Tensor w, Tensor y) {
        torch.run("tn", x.value(), w.value(), y.value());
    }

    /// `y += x wᵀ`.
    public void addNt(Tensor x, Tensor w, Tensor y) {
        torch.run("add_nt", x.value(), w.value(), y.value());
    }

    /// `y += x w`.
    public void addNn(Tensor x, Tensor w, Tensor y) {
        torch.run("add_nn", x.value(), w.value(), y.value());
    }

    /// `y_b = x_b w_bᵀ` for each b of the first axis.
    public void batchNt(Tensor x, Tensor w, Tensor y) {
        torch.run("batch_nt", x.value(), w.value(), y.value());
    }

    /// `y_b = x_b w_b` for each b of the first axis.
    public void batchNn(Tensor x, Tensor w, Tensor y) {
        torch.run("batch_nn", x.value(), w.value(), y.value());
    }

    /// `y_b = x_b w_bᵀ` over some of the rows of x and of w.
    public void batchNt(Tensor x, Window ofX, Tensor w, Window ofW, Tensor y) {
        torch.run("batch_nt", x.value(ofX), w.value(ofW), y.value());
    }

    /// `y_b = x_b w_b` over some of the rows of w.
    public void batchNn(Tensor x, Tensor w, Window ofW, Tensor y) {
        torch.run("batch_nn", x.value(), w.value(ofW), y.value());
    }

    /// `y_b = x_bᵀ w_b` over some of the rows of w.
    public void batchTn(Tensor x, Tensor w, Window ofW, Tensor y) {
        torch.run("batch_tn", x.value(), w.value(ofW), y.value());
    }

    /// `y_b = x_bᵀ w_b` for each b of the first axis.
    public void batchTn(Tensor x, Tensor w, Tensor y) {
        torch.run("batch_tn", x.value(), w.value(), y.value());
    }
}
