package io.adaptermill.artifacts.merge;

import io.adaptermill.artifacts.matrix.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How the same tensor of several tasks becomes one: thin each out, then add them, or let them agree on
/// signs first.
///
/// With an election, each value is the mean over those tasks that agree with its elected sign; without, the
/// weighted sum. TIES is `Largest` with an election, DARE `Random` without or with one, magnitude pruning
/// `Largest` without.
public record Combination(Sparsity sparsity, Optional<SignElection> election) {
    public static Combination sum() {
        return new Combination(new Sparsity.Everything(), Optional.empty());
    }

    public static Combination ties(double density, SignElection election) {
        return new Combination(new Sparsity.Largest(density), Optional.of(election));
    }

    public static Combination dare(double density, long seed) {
        return new Combination(new Sparsity.Random(density, seed), Optional.empty());
    }

    public static Combination dareTies(double density, long seed, SignElection election) {
        return new Combination(new Sparsity.Random(density, seed), Optional.of(election));
    }

    public static Combination pruned(double density) {
        return new Combination(new Sparsity.Largest(density), Optional.empty());
    }

    /// @param name of the tensor; task i draws from `name i`
    Matrix combine(List<Matrix> tensors, double[] weights, String name) {
        List<Matrix> thin = new ArrayList<>();
        for (int task = 0; task < tensors.size(); task++) {
            thin.add(sparsity.keep(tensors.get(task), name + " " + task));
        }
        return election.map(signs -> agreed(thin, weights, signs)).orElseGet(() -> added(thin, weights));
    }

    private static Matrix added(List<Matrix> tensors, double[] weights) {
        Matrix sum = tensors.getFirst().times(weights[0]);
        for (int task = 1; task < weights.length; task++)
            sum = sum.plus(tensors.get(task).times(weights[task]));
        return sum;
    }

    private static Matrix agreed(List<Matrix> tensors, double[] weights, SignElection signs) {
        Matrix merged =
                Matrix.zeros(tensors.getFirst().rows(), tensors.getFirst().columns());
        for (int i = 0; i < merged.values().length; i++) {
            double sign = signs.elect(tensors, i);
            double sum = 0;
            int agreeing = 0;
            for (int task = 0; task < weights.length; task++) {
                double value = tensors.get(task).values()[i];
                if (Math.signum(value) != sign) continue;
                sum += weights[task] * value;
                agreeing++;
            }
            merged.values()[i] = sum / Math.max(1, agreeing);
        }
        return merged;
    }
}
