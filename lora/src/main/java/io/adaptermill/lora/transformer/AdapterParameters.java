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
            put(module.a(), slot.a());
            put(module.b(), slot.b());
        }
    }

    public SortedMap<String, LowRank> modules() {
        SortedMap<String, LowRank> modules = new TreeMap<>();
        for (AdapterLayout.Slot slot : layout.slots()) {
            FloatTensor a = get(slot.a(), slot.rank(), slot.in());
            FloatTensor b = get(slot.b(), slot.out(), slot.rank());
            modules.put(slot.path(), new LowRank(a, b));
        }
        return modules;
    }

    private void put(FloatTensor tensor, long at) {
        MemorySegment source = MemorySegment.ofArray(tensor.values());
        MemorySegment.copy(source, 0, values.memory(), at * Float.BYTES, source.byteSize());
    }

    private FloatTensor get(long at, int rows, int columns) {
        long bytes = (long) rows * columns * Float.BYTES;
        float[] numbers = values.memory().asSlice(at * Float.BYTES, bytes).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        return new FloatTensor(rows, columns, numbers);
    }
}
