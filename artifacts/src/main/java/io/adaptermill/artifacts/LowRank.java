package io.adaptermill.artifacts;

/// The two factors of one linear layer's update `ΔW = s · B A`, or one moment of each.
///
/// @param a `[rank, in]`
/// @param b `[out, rank]`
public record LowRank(FloatTensor a, FloatTensor b) {
    public LowRank {
        if (a.rows() != b.columns()) {
            throw new IllegalArgumentException(
                    "A's rows and B's columns must both be the rank, were " + a + " and " + b);
        }
    }

    public int rank() {
        return a.rows();
    }

    public int in() {
        return a.columns();
    }

    public int out() {
        return b.rows();
    }

    public boolean isFinite() {
        return a.isFinite() && b.isFinite();
    }

    boolean hasShapeOf(LowRank that) {
        return rank() == that.rank() && in() == that.in() && out() == that.out();
    }
}
