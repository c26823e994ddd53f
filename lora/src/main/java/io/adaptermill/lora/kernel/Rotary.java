package io.adaptermill.lora.kernel;

/// Cosines and sines of rotary positions: position p turns pair i by `p · frequency_i`.
///
/// Angles are rounded to float32 before the cosine is taken, as Hugging Face's models do.
public final class Rotary {
    private final int half;
    private final float[] cosines;
    private final float[] sines;

    /// @param frequencies of each pair of a head's components, radians a position
    /// @param positions how many positions to prepare
    public Rotary(float[] frequencies, int positions) {
        half = frequencies.length;
        cosines = new float[positions * half];
        sines = new float[positions * half];
        for (int i = 0; i < half; i++) {
            for (int p = 0; p < positions; p++) {
                float angle = p * frequencies[i];
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
