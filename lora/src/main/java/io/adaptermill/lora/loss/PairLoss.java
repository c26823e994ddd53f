package io.adaptermill.lora.loss;

/// What a pair of responses to one prompt costs, the chosen one and the rejected one.
public sealed interface PairLoss permits Dpo, Orpo {
    /// @param byChosen derivative by the chosen response's nats
    /// @param byRejected derivative by the rejected response's nats
    record Result(double loss, double byChosen, double byRejected) {}

    Result of(Response chosen, Response rejected);

    /// Whether it compares with the base model, so that the base must have scored both responses first.
    boolean needsReference();

    /// Whether the chosen response is learnt by SFT too, as part of this loss.
    boolean imitatesChosen();
}
