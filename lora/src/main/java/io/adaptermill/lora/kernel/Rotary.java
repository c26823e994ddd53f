package io.adaptermill.lora.kernel;

/// Cosines and sines of rotary positions: position p turns pair i by `p · θ^(−2i/d)`.
///
/// Angles are rounded to float32 before the cosine is taken, as Hugging Face's models do.
public final class Rotary {
    private final int half;
    private final float[] cosines;
    private final float[] sines;

    /// @param headDim width of a head, d
    /// @param theta base of the frequencies
    /// @param positions how many positions to prepare
    public Rotary(int headDim, double theta, int positions) {
        half = headDim / 2;
        cosines = new float[positions * half];
        sines = new float[positions * half];
        for (int i = 0; i < half; i++) {
            float frequency = (float) (1 / StrictMath.pow(theta, 2.0 * i / headDim));
            for (int p = 0; p < positions; p++) {
                float angle = p * frequency;
                cosines[p * half + i] = (float) StrictMath.cos(angle);
                sines[p * half + i] = (float) StrictMath.sin(angle);
            }
        }
    }

    public int positions() {
        return cosines.length / half;
    }

    int half() {
        return half;
    }

    /// `[positions, half]`.
    public float[] cosines() {
        return cosines;
    }

    /// `[positions, half]`.
    public float[] sines() {
        return sines;
    }
}
