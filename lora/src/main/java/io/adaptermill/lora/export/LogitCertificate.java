package io.adaptermill.lora.export;

import io.adaptermill.schemas.id.Digest;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// That an exported adapter answers as the original does: what was compared, over which texts, and how far
/// apart they were.
///
/// Both were run in float32 over the same base. What a server adds by computing in another precision is not
/// in it.
///
/// @param base fingerprint of the base model
/// @param original digest of what was exported
/// @param files digest of each exported file
/// @param probes the texts
/// @param positions next-token predictions compared, over the whole vocabulary each
/// @param differenceMax largest absolute difference of a logit
/// @param effectMax largest absolute difference that the adapter makes to the bare base, for scale
/// @param argmaxChanged positions whose most likely token differs
public record LogitCertificate(
        Digest base,
        Digest original,
        SortedMap<String, Digest> files,
        List<String> probes,
        int positions,
        double differenceMax,
        double effectMax,
        int argmaxChanged) {
    /// Beyond this, an export is not the same adapter: float32 sums in another order stay far below.
    public static final double DIFFERENCE_MAX = 1e-3;

    public LogitCertificate {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        probes = List.copyOf(probes);
    }

    /// Whether it is the same adapter, as far as the probes show.
    public boolean holds() {
        return differenceMax <= DIFFERENCE_MAX && argmaxChanged == 0;
    }
}
