package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Products;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import org.jspecify.annotations.Nullable;

/// A frozen linear with its low-rank update: `y = x Wᵀ + u Bᵀ`, `u = x Aᵀ`, B scaled by α/r.
///
/// Backward, from dy: `dx = dy W + v A`, `v = dy B`, `dB = dyᵀ u`, `dA = vᵀ x`. W gets no gradient. Shapes: x
/// `[T, in]`, y `[T, out]`, W `[out, in]`, A `[R, in]`, B `[out, R]`, u and v `[T, R]`. Source: Hu et al. 2021,
/// eq. 3. Where the update sets [RowLengths], all of this makes z and the rows of z are scaled. Where it has
/// [TokenGates], B sees u through them.
public final class LowRankLinear {
    private LowRankLinear() {}

    /// What the backward needs of one application.
    ///
    /// @param u `x Aᵀ`; absent without an update
    /// @param gated what of u B saw; u itself where no token chooses
    /// @param z what was scaled; absent where nothing is
    record Kept(
            @Nullable Tensor u,
            @Nullable Tensor gated,
            @Nullable Tensor z) {
        static final Kept NOTHING = new Kept(null, null, null);

        Kept scaled(Tensor scaled) {
            return new Kept(u, gated, scaled);
        }
    }

    /// `y = x Wᵀ`, the frozen part, each row by itself.
    ///
    /// @param y overwritten
    static void frozen(Kernels kernels, Tensor weight, Tensor x, Tensor y) {
        kernels.products().rowsNt(x, weight, y);
    }

    /// Makes `y = x Wᵀ` what the update makes of it.
    ///
    /// @param y has the frozen part
    static Kept add(Kernels kernels, Tensor weight, FusedLowRank lowRank, Tensor x, Tensor y, Workspace memory) {
        if (lowRank.lengths().isEmpty()) return addProduct(kernels, lowRank, x, y, memory);
        Tensor z = memory.tensor(kernels.precision(), y.rows(), y.columns());
        z.memory().copyFrom(y.memory());
        Kept kept = addProduct(kernels, lowRank, x, z, memory);
        RowLengths lengths = lowRank.lengths().get();
        lengths.measure(kernels, weight, lowRank.a(), lowRank.b(), memory);
        lengths.scale(kernels, z, y);
        return kept.scaled(z);
    }

    /// `y += u Bᵀ`.
    private static Kept addProduct(Kernels kernels, FusedLowRank lowRank, Tensor x, Tensor y, Workspace memory) {
        Products products = kernels.products();
        Tensor u = memory.tensor(kernels.precision(), x.rows(), lowRank.rank());
        products.nt(lowRank.seen(kernels, x), lowRank.a(), u);
        Tensor gated = lowRank.gates()
                .map(gates -> {
                    Tensor chosen = memory.tensor(kernels.precision(), u.rows(), u.columns());
                    gates.forward(kernels, u, chosen);
                    return chosen;
                })
                .orElse(u);
        products.addNt(gated, lowRank.b(), y);
        return new Kept(u, gated, null);
    }

    /// The gradient of the input, `dx = dy W`, before the update's part is added by [Backward#addInput].
    static void frozenInput(Kernels kernels, Tensor weight, Tensor dy, Tensor dx) {
        kernels.products().rowsNn(dy, weight, dx);
    }

    /// The update's part of the backward of one application.
    static final class Backward {
        private final Kernels kernels;
        private final FusedLowRank lowRank;
        private final Kept kept;
        private final Tensor dy;
        private final Tensor dz;
        private final Tensor v;
        private final Tensor db;

        /// @param dy gradient of y
        /// @param dz takes the gradient of what the frozen weight and the update make together, before rows are
        ///     scaled; dy itself, or a copy of it, where they are not
        /// @param used rows with a token
        Backward(Kernels kernels, FusedLowRank lowRank, Kept kept, Tensor dy, Tensor dz, int used, Workspace memory) {
            this.kernels = kernels;
            this.lowRank = lowRank;
            this.kept = kept;
            this.dy = dy;
            Tensor u = kept.u();
            Tensor gated = kept.gated();
            if (u == null || gated == null) throw new IllegalStateException("an update's forward keeps u");
            this.dz = dz;
            lowRank.lengths().ifPresent(lengths -> lengths.scale(kernels, dy, dz));
            v = memory.tensor(kernels.precision(), dy.rows(), lowRank.rank());
            db = memory.tensor(kernels.precision(), lowRank.b().rows(), lowRank.rank());
            kernels.products().nn(dz, lowRank.b(), v);
            kernels.products().tn(dz, gated, db);
            lowRank.gates().ifPresent(gates -> gates.backward(kernels, u, used, v));
        }

        void addInput(Tensor dx) {
            lowRank.addInput(kernels, v, dx);
        }

        void addGradient(Tensor x, Workspace memory, AdapterParameters gradients) {
            Tensor da = memory.tensor(kernels.precision(), lowRank.rank(), x.columns());
            kernels.products().tn(v, lowRank.seen(kernels, x), da);
            lowRank.addGradient(kernels, da, db, gradients);
            if (kept.z() != null) lowRank.addLengths(dy, kept.z(), gradients);
            lowRank.probe().ifPresent(probe -> probe.see(x, dz));
        }
    }
}
