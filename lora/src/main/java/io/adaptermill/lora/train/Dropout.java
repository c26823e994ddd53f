package io.adaptermill.lora.train;

import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.transformer.Fused;
import io.adaptermill.lora.transformer.InputMask;
import io.adaptermill.lora.transformer.TokenBatch;
import java.util.Optional;

/// Which part of a step's inputs the updates do not see: drawn by the run's seed, the step and the linear's name.
///
/// @param share 0 for none
/// @param seed of the run
/// @param scratch of the masks
record Dropout(double share, long seed, Workspace scratch) {
    /// @param step of the run, counted from 1
    /// @param firstSequence place in the step of the batch's first sequence
    Optional<InputMask> mask(int step, TokenBatch batch, int firstSequence) {
        if (share == 0) return Optional.empty();
        return Optional.of(InputMask.of(
                share, batch, firstSequence, (layer, fused) -> random(seed, step, layer, fused)::bits, scratch));
    }

    static CounterRandom random(long seed, int step, int layer, Fused fused) {
        return new CounterRandom(seed, "dropout of step " + step + ", layer " + layer + ", " + fused);
    }
}
