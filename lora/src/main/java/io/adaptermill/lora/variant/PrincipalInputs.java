package io.adaptermill.lora.variant;

import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import java.util.Arrays;

/// The directions in which the inputs of a linear vary most, and how much of the variance each explains.
///
/// The right singular vectors V of the centred inputs, `X − 1 meanᵀ = U S Vᵀ`, and `S² / ‖X − 1 meanᵀ‖²`.
///
/// @param directions `[k, in]`, of length 1, the largest component positive; zero where there are no more
/// @param shares `[k]`, falling, in [0, 1]
@SuppressWarnings("ArrayRecordComponent") // values of a decomposition, read once
public record PrincipalInputs(FloatTensor directions, double[] shares) {
    /// What float32 makes of a direction that is not there.
    private static final double NOISE = 1e-12;

    /// @param inputs `[T, in]` float32; centred by this
    /// @param count k
    public static PrincipalInputs of(Tensor inputs, int count, Kernels kernels, Workspace memory) {
        double total = centred(inputs);
        FloatTensor scaled = TopSingular.of(inputs, count, kernels, memory).a();
        double[] shares = new double[count];
        for (int c = 0; c < count; c++) shares[c] = share(scaled, c, total);
        return new PrincipalInputs(scaled, shares);
    }

    /// Takes the mean of each column away.
    ///
    /// @return the sum of all squares that are left
    private static double centred(Tensor inputs) {
        double[] means = new double[inputs.columns()];
        for (long at = 0; at < inputs.elements(); at++) {
            means[(int) (at % means.length)] += (double) inputs.get(at) / inputs.rows();
        }
        double squares = 0;
        for (long at = 0; at < inputs.elements(); at++) {
            double left = inputs.get(at) - means[(int) (at % means.length)];
            inputs.set(at, (float) left);
            squares += left * left;
        }
        return squares;
    }

    /// Turns one row `√s v` into v.
    ///
    /// @return `s² / total`
    private static double share(FloatTensor rows, int row, double total) {
        float[] values = rows.values();
        int from = row * rows.columns();
        int to = from + rows.columns();
        double singular = 0;
        float largest = 0;
        for (int i = from; i < to; i++) {
            singular += (double) values[i] * values[i];
            if (Math.abs(values[i]) > Math.abs(largest)) largest = values[i];
        }
        double share = total > 0 ? singular * singular / total : 0;
        if (share < NOISE) {
            Arrays.fill(values, from, to, 0);
            return 0;
        }
        double factor = Math.copySign(1 / Math.sqrt(singular), largest);
        for (int i = from; i < to; i++) values[i] = (float) (values[i] * factor);
        return share;
    }
}
