package io.adaptermill.lora.transformer;

import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SortedMap;
import java.util.TreeMap;

/// One number for each trained number, in float32 and in the layout's order: weights, gradients or moments.
public final class AdapterParameters {
    private final AdapterLayout layout;
    private final Tensor values;

    /// All zero.
    public AdapterParameters(AdapterLayout layout, Workspace memory) {
        this.layout = layout;
        this.values = memory.zeros(Precision.F32, 1, layout.size());
    }

    public AdapterLayout layout() {
        return layout;
    }

    /// `[1, size]`.
    public Tensor values() {
        return values;
    }

    /// @throws IllegalArgumentException if a module is missing or has another shape
    public void load(SortedMap<String, LowRank> modules) {
        if (modules.size() != layout.slots().size()) {
            throw new IllegalArgumentException("an adapter of this base and configuration has "
                    + layout.slots().size() + " modules, was given " + modules.size());
        }
        for (AdapterLayout.Slot slot : layout.slots()) {
            LowRank module = modules.get(slot.path());
            if (module == null) throw new IllegalArgumentException("the adapter has no module " + slot.path());
            if (module.in() != slot.in() || module.out() != slot.out() || module.rank() != slot.rank()) {
                throw new IllegalArgumentException("module %s must be %d -> %d -> %d, was %d -> %d -> %d"
                        .formatted(
                                slot.path(),
                                slot.in(),
                                slot.rank(),
                                slot.out(),
                                module.in(),
                                module.rank(),
                                module.out()));
            }
            put(slot, AdapterLayout.Part.A, module.a());
            put(slot, AdapterLayout.Part.B, module.b());
        }
    }

    /// Sets one part of one module.
    ///
    /// @throws IllegalArgumentException if it has another shape
    public void put(AdapterLayout.Slot slot, AdapterLayout.Part part, FloatTensor tensor) {
        if (tensor.rows() != slot.rows(part) || tensor.columns() != slot.columns(part)) {
            throw new IllegalArgumentException("%s%s must be %d x %d, was %s"
                    .formatted(slot.path(), part.suffix(), slot.rows(part), slot.columns(part), tensor));
        }
        MemorySegment source = MemorySegment.ofArray(tensor.values());
        MemorySegment.copy(source, 0, values.memory(), slot.at(part) * Float.BYTES, source.byteSize());
    }

    /// One part of one module, copied.
    public FloatTensor get(AdapterLayout.Slot slot, AdapterLayout.Part part) {
        long bytes = (long) slot.rows(part) * slot.columns(part) * Float.BYTES;
        float[] numbers =
                values.memory().asSlice(slot.at(part) * Float.BYTES, bytes).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        return new FloatTensor(slot.rows(part), slot.columns(part), numbers);
    }

    /// A and B of every module.
    public SortedMap<String, LowRank> modules() {
        SortedMap<String, LowRank> modules = new TreeMap<>();
        for (AdapterLayout.Slot slot : layout.slots()) {
            modules.put(slot.path(), new LowRank(get(slot, AdapterLayout.Part.A), get(slot, AdapterLayout.Part.B)));
        }
        return modules;
    }
}
