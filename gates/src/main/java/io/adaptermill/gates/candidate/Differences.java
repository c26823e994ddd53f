package io.adaptermill.gates.candidate;

import java.util.List;

/// What was measured on each example, in nats per token, in the examples' order.
///
/// @param holdout how much better the candidate is than the champion; above 0 is better
/// @param earlier the same, on those examples that the champion was approved on
/// @param agreementDrop how much less the candidate's own answers to those examples say what was wanted, in
///     words' F1
/// @param goldenRise how much worse the candidate is than the bare base model on general prompts; above 0 is
///     worse
public record Differences(
        List<Double> holdout, List<Double> earlier, List<Double> agreementDrop, List<Double> goldenRise) {
    public Differences {
        holdout = List.copyOf(holdout);
        earlier = List.copyOf(earlier);
        agreementDrop = List.copyOf(agreementDrop);
        goldenRise = List.copyOf(goldenRise);
    }
}
