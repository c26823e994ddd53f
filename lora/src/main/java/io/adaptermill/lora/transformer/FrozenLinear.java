package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.quant.FrozenTensor;
import java.util.List;
import java.util.Optional;

/// The frozen weight of one fused linear, `[out, in]`, as its file stores it, and widened where memory was given for
/// that.
///
/// @param fused which linear of a block this is
/// @param parts stacked tensors, all with the same columns
/// @param bias `[1, out]` float32, where the model has one
/// @param widened the weight as plain numbers, if it is kept so
public record FrozenLinear(Fused fused, List<FrozenTensor> parts, Optional<Tensor> bias, Optional<Tensor> widened) {
    public FrozenLinear {
        parts = List.copyOf(parts);
    }

    public int out() {
        return parts.stream().mapToInt(FrozenTensor::rows).sum();
    }

    public int in() {
        return parts.getFirst().columns();
    }

    /// Writes the weight as plain numbers; a few hundred microseconds for a million weights.
    ///
    /// @param weight `[out, in]`, overwritten
    void widen(Kernels kernels, Tensor weight) {
        int first = 0;
        for (FrozenTensor part : parts) {
            long at = (long) first * in() * weight.precision().sizeBytes();
            kernels.rows().run(part.rows(), in(), (from, to) -> read(part, from, to, weight, at));
            first += part.rows();
        }
    }

    /// As [#widen], on the caller's thread alone.
    static void widen(List<FrozenTensor> parts, Tensor weight) {
        long at = 0;
        for (FrozenTensor part : parts) {
            read(part, 0, part.rows(), weight, at);
            at += (long) part.rows() * part.columns() * weight.precision().sizeBytes();
        }
    }

    private static void read(FrozenTensor part, int from, int to, Tensor weight, long partAt) {
        long at = partAt + (long) from * part.columns() * weight.precision().sizeBytes();
        if (weight.precision() == Precision.BF16) {
            part.readBrainFloats(from, to, weight.memory(), at);
        } else {
            part.readFloats(from, to, weight.memory(), at);
        }
    }
}
