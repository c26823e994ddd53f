package io.adaptermill.lora.variant;

import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import java.util.SortedMap;
import java.util.TreeMap;

/// Low-rank pairs that are applied beside what is trained and never change. Concatenated with it they are one
/// plain adapter of higher rank, exactly: `B A + B₀ A₀ = [B B₀] [A; A₀]`.
public final class Held {
    private final AdapterLayers layers;
    private final Kernels kernels;
    private final SortedMap<String, LowRank> pairs = new TreeMap<>();

    public Held(AdapterLayers layers, Kernels kernels) {
        this.layers = layers;
        this.kernels = kernels;
    }

    /// @param pair in the slot's scale; the slot must have room for its rank
    public void add(Slot slot, LowRank pair) {
        LowRank before = pairs.get(slot.path());
        int from = before == null ? 0 : before.rank();
        if (from + pair.rank() > slot.held()) {
            throw new IllegalStateException(
                    slot.path() + " may hold rank " + slot.held() + ", was to hold " + (from + pair.rank()));
        }
        layers.hold(kernels, slot, from, pair);
        pairs.put(slot.path(), before == null ? pair : concatenated(before, pair));
    }

    /// A module's own pair with what is held beside it.
    public LowRank beside(String path, LowRank own) {
        LowRank held = pairs.get(path);
        return held == null ? own : concatenated(own, held);
    }

    /// The part of a concatenated pair that is not its own.
    static LowRank rest(LowRank all, int ownRank) {
        int held = all.rank() - ownRank;
        float[] a = new float[held * all.in()];
        System.arraycopy(all.a().values(), ownRank * all.in(), a, 0, a.length);
        return new LowRank(new FloatTensor(held, all.in(), a), columns(all, ownRank, held));
    }

    private static FloatTensor columns(LowRank all, int first, int count) {
        float[] b = new float[all.out() * count];
        for (int o = 0; o < all.out(); o++) {
            System.arraycopy(all.b().values(), o * all.rank() + first, b, o * count, count);
        }
        return new FloatTensor(all.out(), count, b);
    }

    private static LowRank concatenated(LowRank first, LowRank second) {
        int rank = first.rank() + second.rank();
        float[] a = new float[rank * first.in()];
        System.arraycopy(first.a().values(), 0, a, 0, first.rank() * first.in());
        System.arraycopy(second.a().values(), 0, a, first.rank() * first.in(), second.rank() * first.in());
        float[] b = new float[first.out() * rank];
        for (int o = 0; o < first.out(); o++) {
            System.arraycopy(first.b().values(), o * first.rank(), b, o * rank, first.rank());
            System.arraycopy(second.b().values(), o * second.rank(), b, o * rank + first.rank(), second.rank());
        }
        return new LowRank(new FloatTensor(rank, first.in(), a), new FloatTensor(first.out(), rank, b));
    }
}
