package io.adaptermill.lora.loss;

/// Direct preference optimisation: `−log σ(β ((log π_c − log ρ_c) − (log π_r − log ρ_r)))`.
///
/// π is the adapter's model, ρ the reference: the base model without any adapter, so that a tenant's lineage is
/// held to where it began and not to its last step. Source: Rafailov et al. 2023, eq. 7. Checked against TRL's
/// formula in `PeftGoldenTest`.
///
/// @param beta strength of the pull towards the reference, positive
public record Dpo(double beta) {
    public Dpo {
        if (!(beta > 0)) throw new IllegalArgumentException("beta must be positive, was " + beta);
    }

    /// @param byChosen derivative by the chosen response's nats
    /// @param byRejected derivative by the rejected response's nats
    public record Result(double loss, double byChosen, double byRejected) {}

    /// All arguments are negative log-likelihoods of whole responses.
    public Result of(double chosen, double rejected, double chosenReference, double rejectedReference) {
        double margin = beta * ((chosenReference - chosen) - (rejectedReference - rejected));
        double slope = beta * Sigmoid.of(-margin);
        return new Result(-Sigmoid.log(margin), slope, -slope);
    }
}
