package io.adaptermill.bench.continual;

/// What is left of each task after each, as three numbers.
///
/// @param right share of right answers: row i after task i, column j about task j, up to i
record Retention(double[][] right) {
    /// Mean over all tasks at the end.
    double accuracy() {
        double[] last = right[right.length - 1];
        double sum = 0;
        for (double share : last) sum += share;
        return sum / last.length;
    }

    /// Mean over all tasks of the share right after learning it.
    double learnt() {
        double sum = 0;
        for (int i = 0; i < right.length; i++) sum += right[i][i];
        return sum / right.length;
    }

    /// Mean over all but the last task of how much later tasks helped it. Source: Lopez-Paz and Ranzato 2017.
    double backwardTransfer() {
        double sum = 0;
        int tasks = right.length - 1;
        for (int j = 0; j < tasks; j++) sum += right[tasks][j] - right[j][j];
        return sum / tasks;
    }

    /// Mean over all but the last task of what is lost from its best. Source: Chaudhry et al. 2018.
    double forgetting() {
        double sum = 0;
        int tasks = right.length - 1;
        for (int j = 0; j < tasks; j++) {
            double best = 0;
            for (int i = j; i < tasks; i++) best = Math.max(best, right[i][j]);
            sum += best - right[tasks][j];
        }
        return sum / tasks;
    }
}
