package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Products;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A frozen linear with its low-rank update: `y = x Wᵀ + u Bᵀ`, `u = x Aᵀ`, B scaled by α/r.
///
/// Backward, from dy: `dx = dy W + v A`, `v = dy B`, `dB = dyᵀ u`, `dA = vᵀ x`. W gets no gradient. Shapes: x
/// `[T, in]`, y `[T, out]`, W `[out, in]`, A `[R, in]`, B `[out, R]`, u and v `[T, R]`. Source: Hu et al. 2021,
/// eq. 3.
public final class LowRankLinear {
    private LowRankLinear() {}

    /// What the backward needs of one application.
    ///
    /// @param u `x Aᵀ`; absent without an update
    record Kept(@Nullable Tensor u) {
        static final Kept NOTHING = new Kept(null);
    }

    /// @param y overwritten
    static Kept forward(
            Kernels kernels, Tensor weight, Optional<FusedLowRank> update, Tensor x, Tensor y, Workspace memory) {
        Products products = kernels.products();
        products.nt(x, weight, y);
        if (update.isEmpty()) return Kept.NOTHING;
        FusedLowRank lowRank = update.get();
        Tensor u = memory.tensor(kernels.precision(), x.rows(), lowRank.rank());
        products.nt(x, lowRank.a(), u);
        products.addNt(u, lowRank.b(), y);
        return new Kept(u);
    }

    /// The gradient of the input, `dx = dy W`, before the update's part is added by [Backward#addInput].
    static void frozenInput(Kernels kernels, Tensor weight, Tensor dy, Tensor dx) {
        kernels.products().nn(dy, weight, dx);
    }

    /// The update's part of the backward of one application.
    static final class Backward {
        private final Kernels kernels;
        private final FusedLowRank lowRank;
        private final Tensor dy;
        private final Tensor v;
        private final Tensor db;

        Backward(Kernels kernels, FusedLowRank lowRank, Kept kept, Tensor dy, Workspace memory) {
            this.kernels = kernels;
            this.lowRank = lowRank;
            this.dy = dy;
            if (kept.u() == null) throw new IllegalStateException("an update's forward keeps u");
            v = memory.tensor(kernels.precision(), dy.rows(), lowRank.rank());
            db = memory.tensor(kernels.precision(), lowRank.b().rows(), lowRank.rank());
            kernels.products().nn(dy, lowRank.b(), v);
            kernels.products().tn(dy, kept.u(), db);
        }

        void addInput(Tensor dx) {
            kernels.products().addNn(v, lowRank.a(), dx);
        }

        void addGradient(Tensor x, Workspace memory, AdapterParameters gradients) {
            Tensor da = memory.tensor(kernels.precision(), lowRank.rank(), x.columns());
            kernels.products().tn(v, x, da);
            lowRank.addGradient(kernels, da, db, gradients);
            lowRank.probe().ifPresent(probe -> probe.see(x, dy));
        }
    }
}
