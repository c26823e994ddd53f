package io.adaptermill.schemas.policy;

import io.adaptermill.schemas.Checks;

/// Differentially private training: no example shows in an adapter by more than the budget allows.
///
/// Every step draws each example by itself, cuts its gradient to a norm, and adds noise of that size to the sum. What
/// a lineage has spent adds up over its batches; a batch that would spend more than the budget is not trained.
/// Source: Abadi et al. 2016, "Deep learning with differential privacy"; Mironov 2017 for the sums.
///
/// @param clipNorm C, the norm above which an example's gradient is scaled down
/// @param noiseMultiplier σ: standard deviation of the noise over C
/// @param epsilonMax ε, what a lineage may spend in all
/// @param delta δ at which ε is told; well below one over the number of examples
public record Privacy(double clipNorm, double noiseMultiplier, double epsilonMax, double delta) {
    /// To begin with; without this part nothing is private.
    public static final Privacy DEFAULT = new Privacy(1, 2, 8, 1e-5);

    public Privacy {
        Checks.within("clipNorm", clipNorm, 1e-6, 1e6);
        Checks.within("noiseMultiplier", noiseMultiplier, 0.3, 100);
        Checks.within("epsilonMax", epsilonMax, 0.01, 1000);
        Checks.within("delta", delta, 1e-12, 0.1);
    }
}
