package io.adaptermill.lora.generate;

import io.adaptermill.lora.kernel.Exponential;
import io.adaptermill.lora.kernel.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// What happens to one row of float32 between two products. Widths are multiples of 16.
final class RowMath {
    private static final VectorSpecies<Float> SPECIES = Lanes.SPECIES;
    private static final int WIDTH = Lanes.WIDTH;

    private RowMath() {}

    /// `n = w ⊙ x / √(mean(x²) + ε)`.
    static void norm(float[] x, int at, float[] w, double epsilon, float[] n) {
        int width = w.length;
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int j = 0; j < width; j += WIDTH) {
            FloatVector v = load(x, at + j);
            squares = v.fma(v, squares);
        }
        float scale = (float) (1 / Math.sqrt(Lanes.sum(squares) / width + epsilon));
        for (int j = 0; j < width; j += WIDTH)
            load(x, at + j).mul(scale).mul(load(w, j)).intoArray(n, at + j);
    }

    /// `x += y`.
    static void add(float[] x, float[] y, int at, int width) {
        for (int j = at; j < at + width; j += WIDTH) load(x, j).add(load(y, j)).intoArray(x, j);
    }

    /// `y += b`.
    static void addBias(float[] y, int at, float[] bias) {
        for (int j = 0; j < bias.length; j += WIDTH)
            load(y, at + j).add(load(bias, j)).intoArray(y, at + j);
    }

    /// `y += s · v`.
    static void addScaled(float[] y, int yAt, float s, float[] v, int vAt, int width) {
        FloatVector scale = FloatVector.broadcast(SPECIES, s);
        for (int j = 0; j < width; j += WIDTH)
            scale.fma(load(v, vAt + j), load(y, yAt + j)).intoArray(y, yAt + j);
    }

    /// `a = silu(g) ⊙ u`, g before u in a row.
    static void swiGlu(float[] gu, int at, float[] a, int aAt, int width) {
        for (int j = 0; j < width; j += WIDTH) {
            FloatVector g = load(gu, at + j);
            g.mul(Exponential.sigmoid(g)).mul(load(gu, at + width + j)).intoArray(a, aAt + j);
        }
    }

    /// Turns the two halves of a head against each other by its position's angles.
    static void rotate(float[] x, int at, float[] cosines, float[] sines, int angle, int half) {
        for (int i = 0; i < half; i++) {
            float cosine = cosines[angle + i];
            float sine = sines[angle + i];
            float first = x[at + i];
            float second = x[at + half + i];
            x[at + i] = first * cosine - second * sine;
            x[at + half + i] = second * cosine + first * sine;
        }
    }

    /// Exponentials of the scores less their maximum, in place, and their sum; the weights follow by dividing.
    ///
    /// @param scores with room to the next multiple of 16, which is overwritten
    static float exponentials(float[] scores, int count) {
        float max = Float.NEGATIVE_INFINITY;
        for (int t = 0; t < count; t++) max = Math.max(max, scores[t]);
        int padded = (count + WIDTH - 1) / WIDTH * WIDTH;
        for (int t = 0; t < padded; t += WIDTH)
            Exponential.of(load(scores, t).sub(max)).intoArray(scores, t);
        for (int t = count; t < padded; t++) scores[t] = 0;
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int t = 0; t < padded; t += WIDTH) sum = sum.add(load(scores, t));
        return Lanes.sum(sum);
    }

    private static FloatVector load(float[] values, int at) {
        return FloatVector.fromArray(SPECIES, values, at);
    }
}
