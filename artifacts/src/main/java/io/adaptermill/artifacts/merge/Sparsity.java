package io.adaptermill.artifacts.merge;

import io.adaptermill.artifacts.matrix.Matrix;
import io.adaptermill.artifacts.matrix.SeededBits;
import java.util.Arrays;

/// Which values of a task's update are kept before it meets others.
public sealed interface Sparsity {
    /// @param name of the tensor, from which random choices are drawn
    Matrix keep(Matrix tensor, String name);

    /// All of them.
    record Everything() implements Sparsity {
        @Override
        public Matrix keep(Matrix tensor, String name) {
            return tensor;
        }
    }

    /// The largest in magnitude, as they are; the earlier of two equal ones. Source: Yadav et al. 2023, §4,
    /// step 1.
    ///
    /// @param density share that is kept, rounded down to whole values
    record Largest(double density) implements Sparsity {
        public Largest {
            requireDensity(density);
        }

        @Override
        public Matrix keep(Matrix tensor, String name) {
            double[] values = tensor.values();
            int count = (int) (density * values.length);
            if (count == values.length) return tensor;
            double[] kept = new double[values.length];
            if (count > 0) copyLargest(values, kept, count);
            return new Matrix(tensor.rows(), tensor.columns(), kept);
        }

        private static void copyLargest(double[] values, double[] kept, int count) {
            double[] sorted = new double[values.length];
            for (int i = 0; i < values.length; i++) sorted[i] = Math.abs(values[i]);
            Arrays.sort(sorted);
            double threshold = sorted[values.length - count];
            int above = 0;
            for (double value : values) if (Math.abs(value) > threshold) above++;
            int equal = count - above;
            for (int i = 0; i < values.length; i++) {
                double magnitude = Math.abs(values[i]);
                boolean chosen = magnitude > threshold || (magnitude == threshold && equal-- > 0);
                if (chosen) kept[i] = values[i];
            }
        }
    }

    /// Some at random, divided by the density, so that the sum stays what it was on average. The choice
    /// depends on seed, tensor and position alone. Source: Yu et al. 2024, eq. 2 (DARE).
    ///
    /// @param density chance of each value to stay
    record Random(double density, long seed) implements Sparsity {
        public Random {
            requireDensity(density);
            if (density == 0) throw new IllegalArgumentException("density must be above 0 where values are rescaled");
        }

        @Override
        public Matrix keep(Matrix tensor, String name) {
            if (density == 1) return tensor;
            SeededBits bits = new SeededBits(seed, name);
            double[] kept = new double[tensor.values().length];
            for (int i = 0; i < kept.length; i++) {
                if (bits.unit(i) < density) kept[i] = tensor.values()[i] / density;
            }
            return new Matrix(tensor.rows(), tensor.columns(), kept);
        }
    }

    private static void requireDensity(double density) {
        if (!(density >= 0 && density <= 1)) {
            throw new IllegalArgumentException("density must be in [0, 1], was " + density);
        }
    }
}
