package io.adaptermill.bench;

import java.util.List;

/// Something that every program does once a round.
///
/// @param command without the index of the tokens to use
/// @param warmUps before the first round counts
/// @param share of the rounds asked for: short steps are done more often
/// @param oursAlone if the others have nothing like it
record Workload(String name, String command, int warmUps, int share, boolean oursAlone) {
    /// First, because peak memory is read after it.
    static final Workload STEP_8_128 = peers("step 8x128, all tokens labelled", "step 8 128", 5, 1);

    static final List<Workload> ALL = List.of(
            STEP_8_128,
            alone("only the base's products of 8x128", "gemms 8 128", 1, 1),
            peers("step 1x64, all tokens labelled", "step 1 64", 10, 4),
            alone("only the base's products of 1x64", "gemms 1 64", 2, 4),
            peers("a step of each of 4 tenants, 1x64", "tenants 4 64", 4, 2),
            peers("a step of each of 8 tenants, 1x64", "tenants 8 64", 3, 1),
            peers("DPO, 4 pairs of 128, reference included", "dpo 4 128", 2, 1));

    /// The first step of a new process.
    static final String FIRST = "step 1 64 0";

    private static Workload peers(String name, String command, int warmUps, int share) {
        return new Workload(name, command, warmUps, share, false);
    }

    private static Workload alone(String name, String command, int warmUps, int share) {
        return new Workload(name, command, warmUps, share, true);
    }
}
