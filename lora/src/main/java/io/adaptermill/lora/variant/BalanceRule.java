package io.adaptermill.lora.variant;

import io.adaptermill.lora.transformer.AdapterLayers;

/// A mixture's experts are kept equally busy: to a step's loss comes `balance` times the mean over its routers of
/// `E Σ f_e P_e`, which is 1 where all experts are equally busy ([Source][io.adaptermill.lora.transformer.TokenGates]).
/// Tokens that go through the base together are balanced together, and count by their number in the step.
final class BalanceRule implements Rule {
    private final AdapterLayers layers;
    private final double each;

    BalanceRule(Run run, double balance) {
        layers = run.layers();
        each = balance / run.weights().layout().slots().size();
    }

    @Override
    public void begin(long tokens) {
        layers.balance(each / tokens);
    }

    @Override
    public void regularise() {
        layers.balance(0);
    }
}
