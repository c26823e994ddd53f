package io.adaptermill.lora.compose;

/// How much each of several adapters counts for one request.
public sealed interface RequestWeights permits ArrowWeights, GateWeights {
    /// @param tokens the prompt, at least one
    /// @return one weight for each adapter; they add up to 1
    double[] of(int[] tokens);
}
