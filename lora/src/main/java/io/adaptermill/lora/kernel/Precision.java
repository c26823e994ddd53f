package io.adaptermill.lora.kernel;

/// How a tensor's numbers are stored. All arithmetic between two stores is in float32.
public enum Precision {
    /// bfloat16: what products run in; 2.1 to 10 times float32's speed.
    BF16(2, 15),
    /// float32: residual, norms, master weights, and everything in exact comparisons.
    F32(4, 6);

    private final int sizeBytes;
    private final int torchCode;

    Precision(int sizeBytes, int torchCode) {
        this.sizeBytes = sizeBytes;
        this.torchCode = torchCode;
    }

    public int sizeBytes() {
        return sizeBytes;
    }

    /// The number of this type in torch's `ScalarType`.
    int torchCode() {
        return torchCode;
    }

    /// Loads and stores of this type.
    public Lanes lanes() {
        return switch (this) {
            case BF16 -> Bf16Lanes.INSTANCE;
            case F32 -> F32Lanes.INSTANCE;
        };
    }
}
