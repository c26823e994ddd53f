package io.adaptermill.lora.kernel;

import static io.adaptermill.lora.kernel.Lanes.WIDTH;

/// `y += b` for every row. A frozen bias needs no gradient and changes none.
///
/// Shapes: y `[T, out]` in the kernels' precision, b `[out]` float32, out a multiple of 16.
public final class Bias {
    private static final Lanes FLOATS = Precision.F32.lanes();

    private Bias() {}

    public static void add(Kernels kernels, Tensor bias, Tensor y) {
        Lanes lanes = kernels.lanes();
        int width = y.columns();
        kernels.rows().run(y.rows(), width, (from, to) -> {
            for (long at = (long) from * width; at < (long) to * width; at += width) {
                for (int j = 0; j < width; j += WIDTH) {
                    var sum = lanes.load(y.memory(), at + j).add(FLOATS.load(bias.memory(), j));
                    lanes.store(sum, y.memory(), at + j);
                }
            }
        });
    }
}
