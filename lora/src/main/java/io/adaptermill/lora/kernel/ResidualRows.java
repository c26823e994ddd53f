package io.adaptermill.lora.kernel;

import static io.adaptermill.lora.kernel.Lanes.WIDTH;

/// Picks rows out of the residual for the output head, and puts their gradients back.
///
/// Shapes: residual x `[T, D]` float32, picked rows `[R, D]` float32, y in the kernels' precision. D must be
/// a multiple of 16.
public final class ResidualRows {
    private static final Lanes FLOATS = Precision.F32.lanes();

    private ResidualRows() {}

    /// `picked_i = x_t + y_t`, t = `rows[i]`.
    public static void pickSum(Kernels kernels, Tensor x, Tensor y, int[] rows, Tensor picked) {
        Lanes lanes = kernels.lanes();
        int width = x.columns();
        kernels.rows().run(rows.length, 3L * width, (from, to) -> {
            for (int i = from; i < to; i++) {
                long source = (long) rows[i] * width;
                for (int j = 0; j < width; j += WIDTH) {
                    FLOATS.store(
                            FLOATS.load(x.memory(), source + j).add(lanes.load(y.memory(), source + j)),
                            picked.memory(),
                            (long) i * width + j);
                }
            }
        });
    }

    /// `dx_t = weight_i · dPicked_i`, t = `rows[i]`; all other rows zero; and a copy in the kernels'
    /// precision.
    public static void scatter(Kernels kernels, Tensor dPicked, int[] rows, double[] weights, Tensor dx, Tensor dxLow) {
        Lanes lanes = kernels.lanes();
        int width = dx.columns();
        dx.clear();
        dxLow.clear();
        kernels.rows().run(rows.length, 3L * width, (from, to) -> {
            for (int i = from; i < to; i++) {
                long target = (long) rows[i] * width;
                float weight = (float) weights[i];
                for (int j = 0; j < width; j += WIDTH) {
                    var weighted =
                            FLOATS.load(dPicked.memory(), (long) i * width + j).mul(weight);
                    FLOATS.store(weighted, dx.memory(), target + j);
                    lanes.store(weighted, dxLow.memory(), target + j);
                }
            }
        });
    }

    /// `x_i = weight_i · x_i + weight · y_i`, both `[R, D]` float32.
    public static void addWeighted(Kernels kernels, Tensor x, double[] weights, Tensor y, double weight) {
        int width = x.columns();
        kernels.rows().run(x.rows(), 3L * width, (from, to) -> {
            for (int i = from; i < to; i++) {
                float own = (float) weights[i];
                for (long at = (long) i * width; at < (i + 1L) * width; at += WIDTH) {
                    var added = FLOATS.load(y.memory(), at).mul((float) weight);
                    FLOATS.store(FLOATS.load(x.memory(), at).mul(own).add(added), x.memory(), at);
                }
            }
        });
    }
}
