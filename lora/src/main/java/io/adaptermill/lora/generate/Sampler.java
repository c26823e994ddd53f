package io.adaptermill.lora.generate;

/// Chooses the next token from logits.
///
/// Randomness is a function of (seed, index of the token), so a repeated request repeats its answer.
final class Sampler {
    private final Sampling sampling;
    private final int vocabulary;

    Sampler(Sampling sampling, int vocabulary) {
        this.sampling = sampling;
        this.vocabulary = vocabulary;
    }

    /// @param at where the row of logits begins; overwritten unless greedy
    /// @param index of the token in the answer
    int choose(float[] logits, int at, int index) {
        if (sampling.isGreedy()) return likeliest(logits, at);
        float max = logits[at + likeliest(logits, at)];
        double sum = 0;
        for (int token = 0; token < vocabulary; token++) {
            double weight = Math.exp((logits[at + token] - max) / sampling.temperature());
            logits[at + token] = (float) weight;
            sum += (float) weight;
        }
        double u = uniform(sampling.seed(), index);
        return sampling.topP() < 1 ? nucleus(logits, at, sum, u) : walk(logits, at, u * sum);
    }

    /// The first of equals.
    private int likeliest(float[] logits, int at) {
        int best = 0;
        for (int token = 1; token < vocabulary; token++) {
            if (logits[at + token] > logits[at + best]) best = token;
        }
        return best;
    }

    private int walk(float[] weights, int at, double target) {
        double passed = 0;
        int last = 0;
        for (int token = 0; token < vocabulary; token++) {
            if (weights[at + token] == 0) continue;
            passed += weights[at + token];
            last = token;
            if (passed > target) return token;
        }
        return last;
    }

    /// Takes tokens from the likeliest down until they hold the share `topP`, then draws among them.
    private int nucleus(float[] weights, int at, double sum, double u) {
        TokenHeap heap = new TokenHeap(weights, at, vocabulary);
        int[] taken = new int[vocabulary];
        int count = 0;
        double held = 0;
        while (count < vocabulary && (count == 0 || held < sampling.topP() * sum)) {
            int token = heap.pop();
            taken[count++] = token;
            held += weights[at + token];
        }
        double target = u * held;
        double passed = 0;
        for (int i = 0; i < count; i++) {
            passed += weights[at + taken[i]];
            if (passed > target) return taken[i];
        }
        return taken[count - 1];
    }

    /// In [0, 1), from a finaliser that spreads every bit of its input (SplitMix64's).
    static double uniform(long seed, long index) {
        long z = seed + (index + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return ((z ^ (z >>> 31)) >>> 11) * 0x1.0p-53;
    }
}
