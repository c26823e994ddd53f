package io.adaptermill.artifacts.merge;

import io.adaptermill.artifacts.matrix.LowRankSvd;
import io.adaptermill.artifacts.matrix.Matrix;
import io.adaptermill.artifacts.matrix.Svd;

/// One module's part of an adapter in a merge: `weight · scale · B A`.
///
/// @param b `[out, rank]`
/// @param a `[rank, in]`
/// @param scale the adapter's own factor, α/r
/// @param weight the merge's
record Update(Matrix b, Matrix a, double scale, double weight) {
    int rank() {
        return a.rows();
    }

    /// Scale and weight in A, where PEFT puts them too.
    Matrix scaledA() {
        return a.times(weight * scale);
    }

    /// `scale · B A`, as large as the base's weight.
    Matrix whole() {
        return b.times(a).times(scale);
    }

    Svd svd() {
        return LowRankSvd.of(b, a.times(scale));
    }
}
