package io.adaptermill.lora.transformer;

import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.kernel.Blocks;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Lanes;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The low-rank update of one fused linear, in the form the products want: A's of its modules stacked, B's on
/// the diagonal of one matrix with scale, gate and output factor in it, so that two thin products serve q, k and
/// v together, whatever the method.
///
/// With `B' = s · b ⊙ B ⊙ g` the update of every method is `x A'ᵀ B'ᵀ`, and the gradient of B' gives those of B,
/// g and b by the product rule. Shapes: A' `[R, in]`, B' `[out, R]`, R = sum of the modules' widths; each module
/// has its own rank first, then what it holds, or a mixture's router ([TokenGates]).
public final class FusedLowRank {
    private static final Lanes FLOATS = Precision.F32.lanes();

    private final List<Slot> slots;
    private final Fused fused;
    private final AdapterLayout layout;
    private final Tensor a;
    private final Tensor b;
    private @Nullable AdapterParameters loaded;
    private final Optional<RowLengths> lengths;
    private final Optional<TokenGates> gates;
    private Optional<WeightProbe> probe = Optional.empty();
    private Optional<InputMask> mask = Optional.empty();

    FusedLowRank(AdapterLayout layout, Fused fused, List<Slot> slots, Workspace memory, Precision precision) {
        this.layout = layout;
        this.fused = fused;
        this.slots = slots;
        int rank = slots.stream().mapToInt(Slot::width).sum();
        a = memory.zeros(precision, rank, fused.in(layout.model()));
        b = memory.zeros(precision, fused.out(layout.model()), rank);
        boolean rescales = slots.stream().anyMatch(slot -> slot.has(Part.MAGNITUDE));
        lengths = rescales ? Optional.of(new RowLengths(a, b, memory)) : Optional.empty();
        boolean chooses = slots.stream().anyMatch(slot -> slot.has(Part.ROUTER));
        gates = chooses ? Optional.of(new TokenGates(slots)) : Optional.empty();
    }

    /// A', `[R, in]`.
    public Tensor a() {
        return a;
    }

    /// B', `[out, R]`.
    public Tensor b() {
        return b;
    }

    public int rank() {
        return a.rows();
    }

    /// Of the adapted weight's rows, where the method sets them.
    Optional<RowLengths> lengths() {
        return lengths;
    }

    /// Of experts, where tokens choose among them.
    Optional<TokenGates> gates() {
        return gates;
    }

    Optional<WeightProbe> probe() {
        return probe;
    }

    void probe(WeightProbe seeing) {
        probe = Optional.of(seeing);
    }

    /// The modules it updates, in the order of the fused linear's rows.
    List<Slot> slots() {
        return slots;
    }

    void mask(Optional<InputMask> seeing) {
        mask = seeing;
    }

    /// The linear's input as the update sees it in this step, valid until the next call.
    Tensor seen(Kernels kernels, Tensor x) {
        return mask.isEmpty() ? x : mask.get().seen(kernels, slots.getFirst().layer(), fused, x);
    }

    /// `dx += v A`, as far as the update saw x.
    ///
    /// @return what is left to do
    List<Runnable> addInput(Kernels kernels, Tensor v, Tensor dx) {
        if (mask.isPresent()) {
            mask.get().addInput(kernels, slots.getFirst().layer(), fused, v, a, dx);
            return List.of();
        }
        return ThinPieces.ofRows(v.rows(), rows -> kernels.products().addNn(v, rows, a, dx));
    }

    /// Takes over new values of the weights; what is held stays.
    void load(Kernels kernels, AdapterParameters parameters) {
        loaded = parameters;
        Lanes lanes = kernels.lanes();
        Tensor values = parameters.values();
        int first = 0;
        for (Slot slot : slots) {
            lengths.ifPresent(own -> own.load(slot, firstRow(slot.linear()), values));
            copyRows(lanes, values, slot.a(), first, slot.rank());
            if (slot.has(Part.ROUTER)) {
                copyRows(
                        lanes,
                        values,
                        slot.router(),
                        first + slot.rank(),
                        slot.experts().count());
            }
            loadB(lanes, slot, values, first);
            first += slot.width();
        }
    }

    /// Into A'.
    private void copyRows(Lanes lanes, Tensor values, long from, int first, int rows) {
        long to = (long) first * a.columns();
        for (long i = 0; i < (long) rows * a.columns(); i += Lanes.WIDTH) {
            lanes.store(FLOATS.load(values.memory(), from + i), a.memory(), to + i);
        }
    }

    private void loadB(Lanes lanes, Slot slot, Tensor values, int first) {
        Blocks.Place place = place(slot, first);
        if (plain(slot)) {
            Blocks.put(values, slot.b(), slot.scale(), b, place);
            return;
        }
        float[] gates = gates(values, slot);
        for (int o = 0; o < slot.out(); o++) {
            float row = slot.scale() * output(values, slot, o);
            for (int c = 0; c < slot.rank(); c++) {
                float value = FLOATS.get(values.memory(), slot.b() + (long) o * slot.rank() + c);
                lanes.set(b.memory(), place.first() + (long) o * rank() + c, row * gates[c] * value);
            }
        }
    }

    /// Of a module's B in B'.
    ///
    /// @param first of its ranks among all
    private Blocks.Place place(Slot slot, int first) {
        return new Blocks.Place((long) firstRow(slot.linear()) * rank() + first, slot.out(), slot.rank());
    }

    private static boolean plain(Slot slot) {
        return !slot.has(Part.GATE) && !slot.has(Part.OUTPUT);
    }

    /// Sets aside a pair that is applied beside a module's own from now on, in place of what was held there.
    ///
    /// @param from first of the held ranks that it takes
    void hold(Kernels kernels, Slot target, int from, LowRank pair) {
        Lanes lanes = kernels.lanes();
        int first = target.rank() + from;
        for (Slot slot : slots) {
            if (slot.linear() == target.linear()) break;
            first += slot.width();
        }
        for (int c = 0; c < pair.rank(); c++) {
            for (int i = 0; i < pair.in(); i++) {
                lanes.set(
                        a.memory(), (long) (first + c) * pair.in() + i, pair.a().values()[c * pair.in() + i]);
            }
            for (int o = 0; o < pair.out(); o++) {
                long to = (long) (firstRow(target.linear()) + o) * rank() + first + c;
                lanes.set(b.memory(), to, target.scale() * pair.b().values()[o * pair.rank() + c]);
            }
        }
    }

    /// Adds the gradients to the flat ones; what lies off the diagonal of B', or is held, is not a parameter.
    ///
    /// @param da `[R, in]`
    /// @param db `[out, R]`, with respect to B'
    /// @return what is to be done, in any order
    List<Runnable> addGradient(Kernels kernels, Tensor da, Tensor db, AdapterParameters gradients) {
        Lanes lanes = kernels.lanes();
        Tensor sums = gradients.values();
        List<Runnable> pieces = new ArrayList<>();
        int first = 0;
        for (Slot slot : slots) {
            int at = first;
            pieces.add(() -> {
                addRows(lanes, da, at, slot.rank(), sums, slot.a());
                if (slot.has(Part.ROUTER)) {
                    addRows(lanes, da, at + slot.rank(), slot.experts().count(), sums, slot.router());
                }
                addB(lanes, slot, db, at, sums);
            });
            first += slot.width();
        }
        return pieces;
    }

    private static void addRows(Lanes lanes, Tensor da, int first, int rows, Tensor sums, long to) {
        long from = (long) first * da.columns();
        for (long i = 0; i < (long) rows * da.columns(); i += Lanes.WIDTH) {
            var sum = FLOATS.load(sums.memory(), to + i).add(lanes.load(da.memory(), from + i));
            FLOATS.store(sum, sums.memory(), to + i);
        }
    }

    /// Adds the gradients of m.
    void addLengths(Tensor dy, Tensor z, AdapterParameters gradients) {
        RowLengths own = lengths.orElseThrow();
        for (Slot slot : slots) own.addGradient(slot, firstRow(slot.linear()), dy, z, gradients.values());
    }

    private void addB(Lanes lanes, Slot slot, Tensor db, int first, Tensor sums) {
        if (loaded == null) throw new IllegalStateException("weights are loaded before a backward");
        Tensor values = loaded.values();
        Blocks.Place place = place(slot, first);
        if (plain(slot)) {
            Blocks.add(db, place, slot.scale(), sums, slot.b());
            return;
        }
        float[] gates = gates(values, slot);
        for (int o = 0; o < slot.out(); o++) {
            float row = slot.scale() * output(values, slot, o);
            float outputs = 0;
            for (int c = 0; c < slot.rank(); c++) {
                long at = (long) o * slot.rank() + c;
                float gradient = lanes.get(db.memory(), place.first() + (long) o * rank() + c);
                add(sums, slot.b() + at, row * gates[c] * gradient);
                float weighed = gradient * FLOATS.get(values.memory(), slot.b() + at);
                if (slot.has(Part.GATE)) add(sums, slot.gate() + c, row * weighed);
                outputs += slot.scale() * gates[c] * weighed;
            }
            if (slot.has(Part.OUTPUT)) add(sums, slot.output() + o, outputs);
        }
    }

    private static void add(Tensor sums, long at, float more) {
        FLOATS.set(sums.memory(), at, FLOATS.get(sums.memory(), at) + more);
    }

    private static float[] gates(Tensor values, Slot slot) {
        float[] gates = new float[slot.rank()];
        for (int c = 0; c < gates.length; c++) {
            gates[c] = slot.has(Part.GATE) ? FLOATS.get(values.memory(), slot.gate() + c) : 1;
        }
        return gates;
    }

    private static float output(Tensor values, Slot slot, int o) {
        return slot.has(Part.OUTPUT) ? FLOATS.get(values.memory(), slot.output() + o) : 1;
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
