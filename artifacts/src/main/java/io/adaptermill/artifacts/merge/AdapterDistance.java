package io.adaptermill.artifacts.merge;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.matrix.Matrix;
import io.adaptermill.artifacts.matrix.Qr;
import java.util.List;

/// How far apart the updates of two adapters are, whatever factors they are written in.
public final class AdapterDistance {
    private AdapterDistance() {}

    /// `‖ΔW - ΔV‖ / ‖ΔV‖`, Frobenius over all modules together; a module that one lacks counts as zero
    /// there. From the triangular parts of the factors: no update is formed.
    public static double relative(Adapter adapter, Adapter reference) {
        double difference = squares(List.of(new Weighted(adapter, 1), new Weighted(reference, -1)));
        return difference == 0 ? 0 : Math.sqrt(difference / squares(List.of(new Weighted(reference, 1))));
    }

    private static double squares(List<Weighted> parts) {
        double sum = 0;
        for (Factors factors :
                Merge.factors(parts, new MergeMethod.Concatenation()).values()) {
            Matrix left = Qr.of(factors.b()).r();
            Matrix right = Qr.of(factors.a().transposed()).r();
            double norm = left.times(right.transposed()).norm();
            sum += norm * norm;
        }
        return sum;
    }
}
