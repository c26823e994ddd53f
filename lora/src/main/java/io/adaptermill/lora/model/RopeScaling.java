package io.adaptermill.lora.model;

import java.util.List;

/// How a model that was stretched to a longer context changes the frequencies of its rotary positions.
///
/// Computed in float32, operation by operation as Hugging Face does, so that the angles have its bits.
public sealed interface RopeScaling {
    RopeScaling NONE = new None();

    /// @param frequency of one pair of components, in radians a position
    /// @param pair which one, from 0
    float scale(float frequency, int pair);

    /// Frequencies as trained.
    record None() implements RopeScaling {
        @Override
        public float scale(float frequency, int pair) {
            return frequency;
        }
    }

    /// Positions squeezed together: every frequency divided by one factor (Chen et al. 2023).
    record Linear(double factor) implements RopeScaling {
        public Linear {
            requireAtLeastOne("factor", factor);
        }

        @Override
        public float scale(float frequency, int pair) {
            return frequency / (float) factor;
        }
    }

    /// Llama 3.1's: long waves are divided by the factor, short ones left, those between mixed.
    ///
    /// @param lowFactor `positions / lowFactor` is the wavelength above which a wave is long
    /// @param highFactor `positions / highFactor` is the wavelength below which a wave is short
    /// @param positions context the model was first trained for
    record Llama3(double factor, double lowFactor, double highFactor, int positions) implements RopeScaling {
        public Llama3 {
            requireAtLeastOne("factor", factor);
            if (!(lowFactor > 0) || !(highFactor > lowFactor) || Double.isInfinite(highFactor)) {
                throw new IllegalArgumentException("the low factor must be above 0 and below the high one, were "
                        + lowFactor + " and " + highFactor);
            }
            if (positions < 1) throw new IllegalArgumentException("positions must be at least 1, was " + positions);
        }

        @Override
        public float scale(float frequency, int pair) {
            float wavelength = (float) (2 * Math.PI) / frequency;
            if (wavelength > (float) (positions / lowFactor)) return frequency / (float) factor;
            if (wavelength < (float) (positions / highFactor)) return frequency;
            float smooth = (positions / wavelength - (float) lowFactor) / (float) (highFactor - lowFactor);
            return (1 - smooth) * frequency / (float) factor + smooth * frequency;
        }
    }

    /// Each frequency divided by a number of its own: how GGUF keeps [Llama3].
    record Divisors(List<Float> divisors) implements RopeScaling {
        public Divisors {
            divisors = List.copyOf(divisors);
            for (float divisor : divisors) requireAtLeastOne("divisor", divisor);
        }

        @Override
        public float scale(float frequency, int pair) {
            return frequency / divisors.get(pair);
        }
    }

    private static void requireAtLeastOne(String field, double value) {
        if (!(value >= 1) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("a rotary " + field + " must be at least 1, was " + value);
        }
    }
}
