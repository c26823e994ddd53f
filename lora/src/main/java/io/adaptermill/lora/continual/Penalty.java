package io.adaptermill.lora.continual;

import io.adaptermill.lora.transformer.AdapterParameters;

/// What a step pays for leaving what was learnt before.
public sealed interface Penalty permits NoPenalty, ElasticWeights, OrthogonalRanks {
    /// Adds its gradient to the step's, which are complete otherwise.
    ///
    /// @return its cost
    double pull(AdapterParameters weights, AdapterParameters gradients);

    /// Takes back what an optimizer's step must not have changed.
    void settle(AdapterParameters weights);
}
