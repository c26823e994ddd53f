package io.adaptermill.artifacts.merge;

import io.adaptermill.artifacts.matrix.LeadingSvd;
import io.adaptermill.artifacts.matrix.LowRankSvd;
import io.adaptermill.artifacts.matrix.Matrix;
import io.adaptermill.artifacts.matrix.Svd;
import java.util.ArrayList;
import java.util.List;

/// How the updates of one module become one.
///
/// All but [FactorWise] work on the updates `ΔW` themselves, so that what is merged does not depend on
/// which of the many pairs of factors an adapter happens to have.
public sealed interface MergeMethod {
    /// @param updates of one module, at least one, of one shape
    /// @param module its path
    Factors merge(List<Update> updates, String module);

    /// `Σ w ΔW` exactly, at the price of a rank that is the sum of ranks: `[w₁s₁A₁; w₂s₂A₂; …]` and `[B₁ B₂
    /// …]`.
    record Concatenation() implements MergeMethod {
        @Override
        public Factors merge(List<Update> updates, String module) {
            return new Factors(
                    Matrix.besides(updates.stream().map(Update::b).toList()),
                    Matrix.stacked(updates.stream().map(Update::scaledA).toList()));
        }
    }

    /// The best approximation of `Σ w ΔW` by a rank. No matrix larger than the factors is formed.
    record Compression(int rank) implements MergeMethod {
        public Compression {
            requireRank(rank);
        }

        @Override
        public Factors merge(List<Update> updates, String module) {
            Factors sum = new Concatenation().merge(updates, module);
            return Factors.of(LowRankSvd.of(sum.b(), sum.a()).truncated(rank));
        }
    }

    /// Each task's singular vectors are turned as little as possible until all tasks' are orthogonal to one
    /// another; then the tasks are added. Less of one task ends in the directions of another.
    ///
    /// `Û = U (UᵀU)^-½` over all tasks' vectors side by side, `V̂` likewise, and `ΔW = Û diag(w s) V̂ᵀ`.
    /// The rank is the sum of what is kept. Source: Gargiulo et al. 2025, §4 (task singular vectors).
    ///
    /// @param rankPerTask singular directions kept of each task
    record Orthogonalisation(int rankPerTask) implements MergeMethod {
        public Orthogonalisation {
            requireRank(rankPerTask);
        }

        @Override
        public Factors merge(List<Update> updates, String module) {
            List<Svd> tasks = updates.stream()
                    .map(update -> update.svd().truncated(rankPerTask))
                    .toList();
            Matrix u = orthogonal(Matrix.besides(tasks.stream().map(Svd::u).toList()));
            Matrix v = orthogonal(Matrix.besides(tasks.stream().map(Svd::v).toList()));
            double[] s = new double[u.columns()];
            int at = 0;
            for (int task = 0; task < tasks.size(); task++) {
                for (double value : tasks.get(task).s())
                    s[at++] = updates.get(task).weight() * value;
            }
            return new Factors(u, Matrix.diagonal(s).times(v.transposed()));
        }

        /// The nearest matrix with orthonormal columns, or rows where it is wide.
        private static Matrix orthogonal(Matrix matrix) {
            Svd svd = Svd.of(matrix);
            return svd.u().times(svd.v().transposed());
        }
    }

    /// Any combination of whole updates, then the best approximation of the result by a rank. One module's
    /// updates are in memory at a time.
    record Whole(Combination combination, int rank) implements MergeMethod {
        public Whole {
            requireRank(rank);
        }

        @Override
        public Factors merge(List<Update> updates, String module) {
            List<Matrix> wholes = updates.stream().map(Update::whole).toList();
            double[] weights = updates.stream().mapToDouble(Update::weight).toArray();
            return Factors.of(LeadingSvd.of(combination.combine(wholes, weights, module), rank));
        }
    }

    /// PEFT's approximation: A's and B's are combined apart, each with the root of weight and scale. What
    /// comes out holds products of one task's A with another's B, and depends on each adapter's choice of
    /// factors. Offered to reproduce what PEFT's `linear`, `ties`, `dare_linear`, `dare_ties` and
    /// `magnitude_prune` give; the rank stays.
    record FactorWise(Combination combination) implements MergeMethod {
        @Override
        public Factors merge(List<Update> updates, String module) {
            List<Matrix> as = new ArrayList<>();
            List<Matrix> bs = new ArrayList<>();
            double[] rootsA = new double[updates.size()];
            double[] rootsB = new double[updates.size()];
            for (int task = 0; task < updates.size(); task++) {
                Update update = updates.get(task);
                if (update.rank() != updates.getFirst().rank()) {
                    throw new IllegalArgumentException(
                            "factors of ranks %d and %d cannot be combined; merge whole updates"
                                    .formatted(updates.getFirst().rank(), update.rank()));
                }
                double total = update.weight() * update.scale();
                as.add(update.a());
                bs.add(update.b());
                rootsB[task] = Math.sqrt(Math.abs(total));
                rootsA[task] = total >= 0 ? rootsB[task] : -rootsB[task];
            }
            return new Factors(
                    combination.combine(bs, rootsB, module + " B"), combination.combine(as, rootsA, module + " A"));
        }
    }

    private static void requireRank(int rank) {
        if (rank < 1) throw new IllegalArgumentException("rank must be at least 1, was " + rank);
    }
}
