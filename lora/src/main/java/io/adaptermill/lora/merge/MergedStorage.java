package io.adaptermill.lora.merge;

/// How a weight is kept once an update is in it.
public enum MergedStorage {
    /// As float32: nothing is lost, and a 4-bit weight becomes eight times as large.
    DENSE,
    /// Quantised again as the base had it: as small as before, with the error that [WeightError] reports. A
    /// weight in a format that we only read becomes float32.
    AS_BASE
}
