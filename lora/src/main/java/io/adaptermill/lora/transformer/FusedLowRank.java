package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Lanes;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Linear;
import java.util.List;

/// The low-rank update of one fused linear, in the form the products want: A's of its modules stacked, B's on
/// the diagonal of one matrix with the scale α/r in it, so that two thin products serve q, k and v together.
///
/// Shapes: A `[R, in]`, B `[out, R]`, R = rank · modules.
public final class FusedLowRank {
    private static final Lanes FLOATS = Precision.F32.lanes();

    private final List<AdapterLayout.Slot> slots;
    private final Fused fused;
    private final AdapterLayout layout;
    private final float scale;
    private final Tensor a;
    private final Tensor b;

    FusedLowRank(
            AdapterLayout layout, Fused fused, List<AdapterLayout.Slot> slots, Workspace memory, Precision precision) {
        this.layout = layout;
        this.fused = fused;
        this.slots = slots;
        this.scale = (float) layout.lora().scale();
        int rank = slots.size() * layout.lora().rank();
        a = memory.zeros(precision, rank, fused.in(layout.model()));
        b = memory.zeros(precision, fused.out(layout.model()), rank);
    }

    /// `[R, in]`.
    public Tensor a() {
        return a;
    }

    /// `[out, R]`, scaled.
    public Tensor b() {
        return b;
    }

    public int rank() {
        return a.rows();
    }

    /// Takes over new values of the weights.
    void load(Kernels kernels, AdapterParameters parameters) {
        Lanes lanes = kernels.lanes();
        Tensor values = parameters.values();
        int block = 0;
        for (AdapterLayout.Slot slot : slots) {
            long aTo = (long) block * slot.rank() * slot.in();
            for (long i = 0; i < (long) slot.rank() * slot.in(); i += Lanes.WIDTH) {
                lanes.store(FLOATS.load(values.memory(), slot.a() + i), a.memory(), aTo + i);
            }
            long bTo = (long) firstRow(slot.linear()) * rank() + (long) block * slot.rank();
            for (int o = 0; o < slot.out(); o++) {
                for (int c = 0; c < slot.rank(); c++) {
                    float value = FLOATS.get(values.memory(), slot.b() + (long) o * slot.rank() + c);
                    lanes.set(b.memory(), bTo + (long) o * rank() + c, scale * value);
                }
            }
            block++;
        }
    }

    /// Adds the gradients of A and B to the flat ones; what lies off B's diagonal is not a parameter.
    ///
    /// @param da `[R, in]`
    /// @param db `[out, R]`, with respect to the scaled B
    void addGradient(Kernels kernels, Tensor da, Tensor db, AdapterParameters gradients) {
        Lanes lanes = kernels.lanes();
        Tensor sums = gradients.values();
        int block = 0;
        for (AdapterLayout.Slot slot : slots) {
            long aFrom = (long) block * slot.rank() * slot.in();
            for (long i = 0; i < (long) slot.rank() * slot.in(); i += Lanes.WIDTH) {
                var sum = FLOATS.load(sums.memory(), slot.a() + i).add(lanes.load(da.memory(), aFrom + i));
                FLOATS.store(sum, sums.memory(), slot.a() + i);
            }
            long bFrom = (long) firstRow(slot.linear()) * rank() + (long) block * slot.rank();
            for (int o = 0; o < slot.out(); o++) {
                for (int c = 0; c < slot.rank(); c++) {
                    long to = slot.b() + (long) o * slot.rank() + c;
                    float gradient = scale * lanes.get(db.memory(), bFrom + (long) o * rank() + c);
                    FLOATS.set(sums.memory(), to, FLOATS.get(sums.memory(), to) + gradient);
                }
            }
            block++;
        }
    }

    private int firstRow(Linear linear) {
        int row = 0;
        for (Linear part : fused.parts()) {
            if (part == linear) return row;
            row += part.out(layout.model());
        }
        throw new IllegalStateException(linear + " is no part of " + fused);
    }
}
