package io.adaptermill.lora.source;

/// How the linears of the frozen base are kept in memory.
public enum BaseStorage {
    /// 4 bits: NF4 with double quantisation where the file has 16 or 32, the file's own blocks where it has them.
    FOUR_BITS,
    /// Exactly as the file has them; for parity checks.
    AS_STORED
}
