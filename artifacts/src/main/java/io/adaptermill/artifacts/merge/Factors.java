package io.adaptermill.artifacts.merge;

import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.matrix.Matrix;
import io.adaptermill.artifacts.matrix.Svd;

/// A merged module `B A`, every scale and weight in it.
///
/// @param b `[out, rank]`
/// @param a `[rank, in]`
record Factors(Matrix b, Matrix a) {
    /// Singular values to both sides alike, so that neither factor needs more of float32's range than it
    /// must.
    static Factors of(Svd svd) {
        double[] roots = new double[svd.s().length];
        for (int i = 0; i < roots.length; i++) roots[i] = Math.sqrt(svd.s()[i]);
        Matrix root = Matrix.diagonal(roots);
        return new Factors(svd.u().times(root), root.times(svd.v().transposed()));
    }

    int rank() {
        return a.rows();
    }

    /// In float32, with zeros up to a rank: the product stays what it is.
    LowRank padded(int rank) {
        Matrix wide = Matrix.zeros(b.rows(), rank);
        for (int i = 0; i < b.rows(); i++) {
            System.arraycopy(b.values(), i * b.columns(), wide.values(), i * rank, b.columns());
        }
        Matrix tall = Matrix.zeros(rank, a.columns());
        System.arraycopy(a.values(), 0, tall.values(), 0, a.values().length);
        return new LowRank(tall.floats(), wide.floats());
    }
}
