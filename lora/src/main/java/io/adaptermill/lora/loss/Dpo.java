package io.adaptermill.lora.loss;

/// Direct preference optimisation: `−(1−ε) log σ(m) − ε log σ(−m)`,
/// `m = β ((log π_c − log ρ_c) − (log π_r − log ρ_r))`.
///
/// π is the adapter's model, ρ the reference: the base model without any adapter, so that a tenant's lineage
/// is held to where it began and not to its last step. Source: Rafailov et al. 2023, eq. 7; with ε above 0
/// the conservative form of Mitchell 2023, which stops at the margin `m = log((1−ε)/ε)` instead of going on
/// for ever. Checked against TRL's formulas in `LossGoldenTest`.
///
/// @param beta strength of the pull towards the reference, positive
/// @param labelSmoothing ε, how often a preference is thought to be the wrong way round, in [0, 0.5]
public record Dpo(double beta, double labelSmoothing) implements PairLoss {
    public Dpo {
        if (!(beta > 0)) throw new IllegalArgumentException("beta must be positive, was " + beta);
        if (!(labelSmoothing >= 0 && labelSmoothing <= 0.5)) {
            throw new IllegalArgumentException("labelSmoothing must be in [0, 0.5], was " + labelSmoothing);
        }
    }

    @Override
    public Result of(Response chosen, Response rejected) {
        double margin = beta * (chosen.reward() - rejected.reward());
        double right = 1 - labelSmoothing;
        double loss = -right * Sigmoid.log(margin) - labelSmoothing * Sigmoid.log(-margin);
        double slope = beta * (right * Sigmoid.of(-margin) - labelSmoothing * Sigmoid.of(margin));
        return new Result(loss, slope, -slope);
    }

    @Override
    public boolean needsReference() {
        return true;
    }

    @Override
    public boolean imitatesChosen() {
        return false;
    }
}
