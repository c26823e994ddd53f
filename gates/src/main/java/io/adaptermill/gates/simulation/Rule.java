package io.adaptermill.gates.simulation;

import io.adaptermill.gates.betting.Wealth;
import io.adaptermill.gates.candidate.CandidateSeries;
import java.util.List;

/// A way to tell from hold-out differences whether a candidate is better.
enum Rule {
    /// Ours: evidence as the tenant's series asks for.
    SERIES("e-value, error budget over the series") {
        @Override
        boolean approves(List<Double> clipped, double bound, double alpha, long number, long approved) {
            return Wealth.against(0, clipped, bound) * CandidateSeries.level(alpha, number, 1, approved) >= 1;
        }
    },
    /// The same evidence, asked for anew each time.
    EACH("e-value, the whole budget for each candidate") {
        @Override
        boolean approves(List<Double> clipped, double bound, double alpha, long number, long approved) {
            return Wealth.against(0, clipped, bound) * alpha >= 1;
        }
    },
    /// What most pipelines do.
    T_TEST("one-sided t-test for each candidate") {
        @Override
        boolean approves(List<Double> clipped, double bound, double alpha, long number, long approved) {
            int n = clipped.size();
            double mean = clipped.stream().mapToDouble(v -> v).sum() / n;
            double squares =
                    clipped.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
            double t = mean / StrictMath.sqrt(squares / (n - 1) / n);
            return t > StudentT.upper(n - 1);
        }
    };

    private final String words;

    Rule(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    abstract boolean approves(List<Double> clipped, double bound, double alpha, long number, long approved);
}
