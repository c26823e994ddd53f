package io.adaptermill.lora.kernel;

/// Matrix products by torch, in the precision of their arguments, with float32 sums inside.
///
/// All write into `y`, whose shape must be the result's. Deterministic for a fixed number of torch threads.
public final class Products {
    private final Torch torch = Torch.get();

    Products() {}

    /// `y = x wᵀ`: x `[n, in]`, w `[out, in]`, y `[n, out]`.
    public void nt(Tensor x, Tensor w, Tensor y) {
        torch.run("nt", x.value(), w.value(), y.value());
    }

    /// `y = x w`: x `[n, out]`, w `[out, in]`, y `[n, in]`.
    public void nn(Tensor x, Tensor w, Tensor y) {
        torch.run("nn", x.value(), w.value(), y.value());
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

    /// `y_b = x_bᵀ w_b` for each b of the first axis.
    public void batchTn(Tensor x, Tensor w, Tensor y) {
        torch.run("batch_tn", x.value(), w.value(), y.value());
    }
}
