package io.adaptermill.lora;

/// Hears of every optimizer step of a training run, on the training thread.
@FunctionalInterface
public interface Progress {
    /// May throw to abort the run: the exception leaves [AdapterTrainer#train] as it is, and all native memory
    /// of the run is given back.
    ///
    /// @param step counted from 1
    /// @param lossNats of this step before its update; nats per token where all examples are demonstrations
    void step(int step, int stepsTotal, double lossNats);
}
