package io.adaptermill.lora.plan;

import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.transformer.Fused;

/// The shape of an update as the products want it: the A's of modules that share an input stacked, their B's
/// on the diagonal of one matrix.
final class FusedShape {
    private FusedShape() {}

    static long numbers(ModelConfig model, int rank) {
        long numbers = 0;
        for (Fused fused : Fused.values()) {
            numbers += (long) rank(fused, rank) * (fused.in(model) + fused.out(model));
        }
        return numbers * model.layers();
    }

    /// Columns of a block's `x Aᵀ`, all its linears together.
    static long inner(int rank) {
        long columns = 0;
        for (Fused fused : Fused.values()) columns += rank(fused, rank);
        return columns;
    }

    /// Numbers of the largest weight that is widened for its product.
    static long largestWeight(ModelConfig model) {
        long largest = 0;
        for (Fused fused : Fused.values()) largest = Math.max(largest, (long) fused.in(model) * fused.out(model));
        return largest;
    }

    static int rank(Fused fused, int rank) {
        return rank * fused.parts().size();
    }
}
