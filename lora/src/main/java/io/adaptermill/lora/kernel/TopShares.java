package io.adaptermill.lora.kernel;

import java.util.Arrays;

/// Softmax in float64 and in one fixed order, of all numbers or of the largest few, so that a choice is the same cold
/// and warm, in training and in serving.
public final class TopShares {
    private TopShares() {}

    /// @param shares overwritten: each score's softmax among the `topK` largest, 0 for the others; of equal scores the
    ///     earlier counts as larger
    public static void of(double[] scores, int topK, double[] shares) {
        for (int i = 0; i < scores.length; i++) shares[i] = larger(scores, i) < topK ? 1 : 0;
        softmax(scores, shares);
    }

    /// @param shares overwritten with the softmax of all scores
    public static void ofAll(double[] scores, double[] shares) {
        Arrays.fill(shares, 1);
        softmax(scores, shares);
    }

    /// The gradient of the scores from that of their shares, added to it: `s_i (d_i − Σ s_j d_j)`.
    public static void addGradient(double[] shares, double[] gradient, double[] scoresGradient) {
        double mean = 0;
        for (int i = 0; i < shares.length; i++) mean += shares[i] * gradient[i];
        for (int i = 0; i < shares.length; i++) scoresGradient[i] += shares[i] * (gradient[i] - mean);
    }

    private static int larger(double[] scores, int index) {
        int count = 0;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] > scores[index] || (scores[i] == scores[index] && i < index)) count++;
        }
        return count;
    }

    private static void softmax(double[] scores, double[] shares) {
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < scores.length; i++) {
            if (shares[i] != 0) most = Math.max(most, scores[i]);
        }
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            if (shares[i] != 0) shares[i] = StrictMath.exp(scores[i] - most);
            sum += shares[i];
        }
        for (int i = 0; i < scores.length; i++) shares[i] /= sum;
    }
}
