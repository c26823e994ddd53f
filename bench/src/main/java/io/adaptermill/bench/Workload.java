package io.adaptermill.bench;

/// Something that every program does once a round.
///
/// @param command without the index of the tokens to use
/// @param warmUps before the first round counts
/// @param share of the rounds asked for: short steps are done more often
record Workload(String name, String command, int warmUps, int share) {
    static final Workload STEP_8_128 = new Workload("step 8x128, all tokens labelled", "step 8 128", 5, 1);
    static final Workload STEP_1_64 = new Workload("step 1x64, all tokens labelled", "step 1 64", 10, 4);
}
