package io.adaptermill.artifacts.matrix;

/// The singular values of a product `B A` from its factors: the product itself, as large as a weight, is
/// never formed.
///
/// `B = Q₁R₁`, `Aᵀ = Q₂R₂`, so `B A = Q₁ (R₁R₂ᵀ) Q₂ᵀ`; only the core, as large as the rank, is decomposed.
public final class LowRankSvd {
    private LowRankSvd() {}

    /// @param b `[out, k]`
    /// @param a `[k, in]`
    public static Svd of(Matrix b, Matrix a) {
        Qr left = Qr.of(b);
        Qr right = Qr.of(a.transposed());
        Svd core = Svd.of(left.r().times(right.r().transposed()));
        return new Svd(left.q().times(core.u()), core.s(), right.q().times(core.v()));
    }
}
