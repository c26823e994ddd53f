package io.adaptermill.lora.variant;

import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.AdapterParameters;

/// AdaLoRA's penalty `w · mean over all A and B of ‖A Aᵀ − I‖` and `‖Bᵀ B − I‖`, Frobenius norms that are not squared,
/// as both its authors' code and PEFT compute it (the paper squares and adds).
///
/// Its gradient by A is `2 M A / ‖M‖` with `M = A Aᵀ − I`.
record Orthogonality(AdapterParameters weights, AdapterParameters gradients, double weight) {
    void addGradient() {
        if (weight == 0) return;
        double share = weight / (2.0 * weights.layout().slots().size());
        for (Slot slot : weights.layout().slots()) {
            add(slot.a(), slot.rank(), slot.in(), slot.in(), 1, share);
            add(slot.b(), slot.rank(), slot.out(), 1, slot.rank(), share);
        }
    }

    /// @param rowStride distance between the same entries of two vectors
    /// @param stride distance between two entries of a vector
    private void add(long at, int vectors, int length, int rowStride, int stride, double share) {
        Tensor values = weights.values();
        double[][] m = new double[vectors][vectors];
        double norm = 0;
        for (int p = 0; p < vectors; p++) {
            for (int q = 0; q < vectors; q++) {
                double sum = p == q ? -1 : 0;
                for (int i = 0; i < length; i++) {
                    long entry = at + (long) i * stride;
                    sum += (double) values.get(entry + (long) p * rowStride) * values.get(entry + (long) q * rowStride);
                }
                m[p][q] = sum;
                norm += sum * sum;
            }
        }
        if (norm == 0) return;
        double factor = 2 * share / Math.sqrt(norm);
        for (int i = 0; i < length; i++) {
            for (int p = 0; p < vectors; p++) {
                double sum = 0;
                for (int q = 0; q < vectors; q++) {
                    sum += m[p][q] * values.get(at + (long) i * stride + (long) q * rowStride);
                }
                long to = at + (long) i * stride + (long) p * rowStride;
                gradients.values().set(to, (float) (gradients.values().get(to) + factor * sum));
            }
        }
    }
}
