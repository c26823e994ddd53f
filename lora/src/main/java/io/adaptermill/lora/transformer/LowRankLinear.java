package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Products;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Window;
import io.adaptermill.lora.kernel.Workspace;
import java.util.ArrayList;
import java.util.List;
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
    }

    /// `y = x Wᵀ`, the frozen part, each row by itself.
    ///
    /// @param y overwritten
    static void frozen(Kernels kernels, Tensor weight, Tensor x, Tensor y) {
        kernels.products().rowsNt(x, weight, y);
    }

    /// Makes `y = x Wᵀ` what the update makes of it: first all of [#pieces], then [#finish].
    static final class Application {
        private final Kernels kernels;
        private final Tensor weight;
        private final FusedLowRank lowRank;
        private final Tensor seen;
        private final Tensor y;
        private final Tensor u;
        private final Tensor gated;
        private final @Nullable Tensor z;

        /// @param y has the frozen part
        Application(Kernels kernels, Tensor weight, FusedLowRank lowRank, Tensor x, Tensor y, Workspace memory) {
            this.kernels = kernels;
            this.weight = weight;
            this.lowRank = lowRank;
            this.y = y;
            z = lowRank.lengths().isEmpty() ? null : memory.copy(y);
            u = memory.tensor(kernels.precision(), x.rows(), lowRank.rank());
            gated = lowRank.gates().isEmpty() ? u : memory.tensor(u.precision(), u.rows(), u.columns());
            seen = lowRank.seen(kernels, x);
        }

        Kept kept() {
            return new Kept(u, gated, z);
        }

        /// `u = x Aᵀ` and `y += u Bᵀ`, in any order.
        List<Runnable> pieces() {
            if (lowRank.gates().isEmpty()) return ThinPieces.ofRows(u.rows(), this::run);
            return List.of(() -> run(new Window(0, u.rows())));
        }

        private void run(Window rows) {
            kernels.products().nt(seen, rows, lowRank.a(), u);
            lowRank.gates().ifPresent(gates -> gates.forward(kernels, u, gated));
            kernels.products().addNt(gated, rows, lowRank.b(), z == null ? y : z);
        }

        void finish() {
            if (z == null) return;
            RowLengths lengths = lowRank.lengths().orElseThrow();
            lengths.measure(kernels, weight);
            lengths.scale(kernels, z, y);
        }
    }

    /// The gradient of the input, `dx = dy W`, before the update's part is added by [Backward#input].
    static void frozenInput(Kernels kernels, Tensor weight, Tensor dy, Tensor dx) {
        kernels.products().rowsNn(dy, weight, dx);
    }

    /// The update's part of the backward of one application: first [#begin], then the others. What they return is to be
    /// done before the next of them is called, in any order.
    static final class Backward {
        private final Kernels kernels;
        private final FusedLowRank lowRank;
        private final Kept kept;
        private final Tensor dy;
        private final Tensor dz;
        private final Tensor u;
        private final Tensor gated;
        private final int used;
        private final Tensor v;
        private final Tensor da;
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
            if (kept.u() == null || kept.gated() == null) {
                throw new IllegalStateException("an update's forward keeps u");
            }
            u = kept.u();
            gated = kept.gated();
            this.used = used;
            this.dz = dz;
            lowRank.lengths().ifPresent(lengths -> lengths.scale(kernels, dy, dz));
            v = memory.tensor(kernels.precision(), dy.rows(), lowRank.rank());
            da = memory.tensor(kernels.precision(), lowRank.rank(), lowRank.a().columns());
            db = memory.tensor(kernels.precision(), lowRank.b().rows(), lowRank.rank());
        }

        /// `v = dz B` and `dB = dzᵀ u`.
        List<Runnable> begin() {
            Products products = kernels.products();
            List<Runnable> pieces = new ArrayList<>();
            if (lowRank.gates().isEmpty()) {
                pieces.addAll(ThinPieces.ofRows(v.rows(), rows -> products.nn(dz, rows, lowRank.b(), v)));
            } else {
                TokenGates gates = lowRank.gates().get();
                pieces.add(() -> {
                    products.nn(dz, lowRank.b(), v);
                    gates.backward(kernels, u, used, v);
                });
            }
            pieces.addAll(
                    ThinPieces.ofColumns(dz.columns(), dz.rows(), columns -> products.tnRows(dz, columns, gated, db)));
            return pieces;
        }

        /// `dx += v A`.
        List<Runnable> input(Tensor dx) {
            return lowRank.addInput(kernels, v, dx);
        }

        /// `dA = vᵀ x`.
        List<Runnable> gradient(Tensor x) {
            Tensor seen = lowRank.seen(kernels, x);
            lowRank.probe().ifPresent(probe -> probe.see(x, dz));
            return ThinPieces.ofColumns(
                    seen.columns(), seen.rows(), columns -> kernels.products().tnColumns(v, seen, columns, da));
        }

        /// Adds dA and dB to the gradients.
        List<Runnable> add(AdapterParameters gradients) {
            if (kept.z() != null) lowRank.addLengths(dy, kept.z(), gradients);
            return lowRank.addGradient(kernels, da, db, gradients);
        }
    }
}
