package io.adaptermill.cli.adapters;

import io.adaptermill.artifacts.merge.Combination;
import io.adaptermill.artifacts.merge.MergeMethod;
import io.adaptermill.artifacts.merge.SignElection;

/// The ways to merge, by the words of the command line.
public enum MergeKind {
    /// Σ w ΔW exactly; ranks add up.
    CAT,
    /// The best approximation of Σ w ΔW by a rank.
    SVD,
    /// Keep the largest values, agree on signs, average.
    TIES,
    /// Drop values at random, rescale, add.
    DARE,
    /// Drop values at random, rescale, agree on signs, average.
    DARE_TIES,
    /// Keep the largest values, add.
    PRUNE,
    /// Turn the tasks' directions apart, then add.
    ORTHOGONAL,
    /// Add factors apart, as PEFT's `linear` does.
    LINEAR;

    /// @param rank of the result, or kept of each task where tasks are turned apart
    /// @param peft whether to combine factors apart, as PEFT does
    /// @throws IllegalArgumentException if that way has no such form
    public MergeMethod method(int rank, double density, long seed, SignElection signs, boolean peft) {
        return switch (this) {
            case CAT -> new MergeMethod.Concatenation();
            case SVD -> new MergeMethod.Compression(rank);
            case ORTHOGONAL -> new MergeMethod.Orthogonalisation(rank);
            case LINEAR -> linear(peft);
            case TIES -> of(Combination.ties(density, signs), rank, peft);
            case DARE -> of(Combination.dare(density, seed), rank, peft);
            case DARE_TIES -> of(Combination.dareTies(density, seed, signs), rank, peft);
            case PRUNE -> of(Combination.pruned(density), rank, peft);
        };
    }

    private static MergeMethod linear(boolean peft) {
        if (peft) return new MergeMethod.FactorWise(Combination.sum());
        throw new IllegalArgumentException("linear mixes one adapter's A with another's B; take cat or svd,"
                + " or say --peft-compat to have it as PEFT does");
    }

    private static MergeMethod of(Combination combination, int rank, boolean peft) {
        return peft ? new MergeMethod.FactorWise(combination) : new MergeMethod.Whole(combination, rank);
    }
}
