package io.adaptermill.lora.kernel;

import static io.adaptermill.lora.kernel.Lanes.WIDTH;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// `a = silu(g) ⊙ u`, the gate of a llama's feed-forward.
///
/// Shapes, T tokens and F feed-forward: gu `[T, 2F]` with g before u in each row, a `[T, F]`. F must be a
/// multiple of 16.
public final class SwiGlu {
    private SwiGlu() {}

    public static void forward(Kernels kernels, Tensor gu, Tensor a) {
        Lanes lanes = kernels.lanes();
        int width = a.columns();
        kernels.rows().run(a.rows(), 3L * width, (from, to) -> {
            for (int t = from; t < to; t++) forwardRow(lanes, gu.memory(), a.memory(), t, width);
        });
    }

    /// `dg = da ⊙ u ⊙ silu′(g)`, `du = da ⊙ silu(g)`, and a itself once more, which the forward pass did not
    /// keep.
    public static void backward(Kernels kernels, Tensor gu, Tensor da, Tensor dgu, Tensor a) {
        Lanes lanes = kernels.lanes();
        int width = a.columns();
        kernels.rows().run(a.rows(), 6L * width, (from, to) -> {
            for (int t = from; t < to; t++) {
                backwardRow(lanes, gu.memory(), da.memory(), dgu.memory(), a.memory(), t, width);
            }
        });
    }

    private static void forwardRow(Lanes lanes, MemorySegment gu, MemorySegment a, int t, int width) {
        long gate = 2L * t * width;
        for (int j = 0; j < width; j += WIDTH) {
            FloatVector g = lanes.load(gu, gate + j);
            FloatVector u = lanes.load(gu, gate + width + j);
            lanes.store(g.mul(Exponential.sigmoid(g)).mul(u), a, (long) t * width + j);
        }
    }

    private static void backwardRow(
            Lanes lanes, MemorySegment gu, MemorySegment da, MemorySegment dgu, MemorySegment a, int t, int width) {
        long gate = 2L * t * width;
        long row = (long) t * width;
        for (int j = 0; j < width; j += WIDTH) {
            FloatVector g = lanes.load(gu, gate + j);
            FloatVector u = lanes.load(gu, gate + width + j);
            FloatVector d = lanes.load(da, row + j);
            FloatVector sigmoid = Exponential.sigmoid(g);
            FloatVector silu = g.mul(sigmoid);
            lanes.store(silu.mul(u), a, row + j);
            lanes.store(d.mul(silu), dgu, gate + width + j);
            FloatVector slope = sigmoid.add(silu).sub(silu.mul(sigmoid));
            lanes.store(d.mul(u).mul(slope), dgu, gate + j);
        }
    }
}
