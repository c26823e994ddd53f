package io.adaptermill.lora.kernel;

import ai.djl.pytorch.jni.IValue;

/// Some rows and columns of a product by a weight, ready to be computed by whatever thread takes them.
record ProductPart(String kernel, IValue x, IValue w, IValue y) {
    /// Of `y = x wᵀ`.
    static ProductPart nt(Tensor x, Tensor w, Tensor y, Window rows, Window columns) {
        return new ProductPart(
                "nt",
                x.value(rows.first(), rows.rows()),
                w.value(columns.first(), columns.rows()),
                y.columns(columns, rows.first(), rows.rows()));
    }

    /// Of `y = x w`.
    static ProductPart nn(Tensor x, Tensor w, Tensor y, Window rows, Window columns) {
        return nn(x, w, new Window(0, w.rows()), y, rows, rows.first(), columns);
    }

    /// Of `y = x w` over some of w's rows and the columns of x that meet them.
    ///
    /// @param firstOfY where the result's rows begin in y
    static ProductPart nn(Tensor x, Tensor w, Window ofW, Tensor y, Window rows, int firstOfY, Window columns) {
        return new ProductPart(
                "nn",
                x.columns(ofW, rows.first(), rows.rows()),
                w.columns(columns, ofW.first(), ofW.rows()),
                y.columns(columns, firstOfY, rows.rows()));
    }

    void run() {
        Torch.get().run(kernel, x, w, y);
    }
}
