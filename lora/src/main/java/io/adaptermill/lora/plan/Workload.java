package io.adaptermill.lora.plan;

import io.adaptermill.lora.transformer.Activations;

/// What is trained at once.
///
/// @param rank of every module's update
/// @param sequences that go through the decoder together
/// @param tokens of each
/// @param momentsPaged whether the optimizer's moments lie in a file (CPU) or in host memory (GPU)
public record Workload(int rank, int sequences, int tokens, Activations activations, boolean momentsPaged) {
    public Workload {
        if (rank < 1) throw new IllegalArgumentException("rank must be at least 1, was " + rank);
        if (sequences < 1) throw new IllegalArgumentException("sequences must be at least 1, was " + sequences);
        if (tokens < 2) throw new IllegalArgumentException("tokens must be at least 2, was " + tokens);
    }

    long rows() {
        return (long) sequences * tokens;
    }
}
