package io.adaptermill.artifacts.safetensors;

/// The number formats that we read; we write `F32` only.
public enum Dtype {
    F32(4),
    F16(2),
    BF16(2);

    private final int sizeBytes;

    Dtype(int sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    public int sizeBytes() {
        return sizeBytes;
    }
}
