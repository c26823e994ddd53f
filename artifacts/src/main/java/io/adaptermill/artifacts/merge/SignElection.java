package io.adaptermill.artifacts.merge;

import io.adaptermill.artifacts.matrix.Matrix;
import java.util.List;

/// How tasks that pull a value both ways agree on one sign (Yadav et al. 2023, §4, step 2). A draw is
/// positive.
public enum SignElection {
    /// The sign of the sum: large values count for more.
    TOTAL,
    /// The sign of most tasks.
    FREQUENCY;

    double elect(List<Matrix> tensors, int index) {
        double sum = 0;
        for (Matrix tensor : tensors) {
            double value = tensor.values()[index];
            sum += this == TOTAL ? value : Math.signum(value);
        }
        return sum >= 0 ? 1 : -1;
    }
}
