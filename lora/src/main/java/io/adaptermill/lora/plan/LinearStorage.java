package io.adaptermill.lora.plan;

import io.adaptermill.lora.quant.BlockMaxima;
import io.adaptermill.lora.quant.FourBitTensor;

/// How the frozen linears are kept, in bits a weight.
public enum LinearStorage {
    F32(32, "32"),
    BF16(16, "16"),
    /// One scale a row, which hardly counts.
    INT8(8, "8"),
    /// llama.cpp's 8-bit blocks of 32.
    Q8_0(8 + 16.0 / 32, "8, and 16 for the scale of 32 weights"),
    /// llama.cpp's blocks of 256, with scales of groups inside.
    Q6_K(210 * 8 / 256.0, "6, and 144 for scales of 256 weights"),
    Q5_K(176 * 8 / 256.0, "5, and 128 for scales and minima of 256 weights"),
    Q4_K(144 * 8 / 256.0, "4, and 128 for scales and minima of 256 weights"),
    Q5_1(5 + 32.0 / 32, "5, and 32 for scale and minimum of 32 weights"),
    Q5_0(5 + 16.0 / 32, "5, and 16 for the scale of 32 weights"),
    /// llama.cpp's 4-bit blocks of 32 with a minimum.
    Q4_1(4 + 32.0 / 32, "4, and 32 for scale and minimum of 32 weights"),
    Q4_0(4 + 16.0 / 32, "4, and 16 for the scale of 32 weights"),
    /// QLoRA's without its double quantisation.
    NF4(4 + 32.0 / FourBitTensor.BLOCK, "4, and 32 for the scale of 64 weights"),
    /// QLoRA's. Dettmers et al. 2023, section 3: the scales cost 0.127 bits instead of 0.5.
    NF4_DOUBLE(
            4 + 8.0 / FourBitTensor.BLOCK + 32.0 / (FourBitTensor.BLOCK * BlockMaxima.Doubled.SUPER_BLOCK),
            "4, 8 for the scale of 64 weights, and 32 for the scale of 256 scales"),
    /// 4-bit floats, kept as NF4 is.
    FP4(NF4.bits, NF4.why),
    FP4_DOUBLE(NF4_DOUBLE.bits, NF4_DOUBLE.why);

    private final double bits;
    private final String why;

    LinearStorage(double bits, String why) {
        this.bits = bits;
        this.why = why;
    }

    /// Of one weight, its share of the scales included.
    public double bits() {
        return bits;
    }

    /// Whether a GGUF file has it, in which case the embedding is stored so too.
    boolean isOfGguf() {
        return switch (this) {
            case Q8_0, Q6_K, Q5_K, Q4_K, Q5_1, Q5_0, Q4_1, Q4_0 -> true;
            case F32, BF16, INT8, NF4, NF4_DOUBLE, FP4, FP4_DOUBLE -> false;
        };
    }

    String why() {
        return why;
    }

    long bytes(long weights) {
        return Math.round(weights * bits / 8);
    }
}
