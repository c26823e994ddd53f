package io.adaptermill.lora.continual;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.optim.CounterRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A parent with fresh ranks after its own: the same function still, because the fresh part of B is 0.
public final class GrownAdapter {
    private GrownAdapter() {}

    /// The configuration of a parent with so many more ranks; alpha / rank stays.
    public static LoraConfig config(LoraConfig parent, int ranks) {
        int rank = parent.rank() + ranks;
        return new LoraConfig(rank, parent.scale() * rank, parent.targets());
    }

    /// @param ranks to add, at least 1; their A is drawn as a new adapter's
    /// @return without moments: they would be of another shape
    public static Adapter of(Adapter parent, int ranks, long seed) {
        SortedMap<String, LowRank> modules = new TreeMap<>();
        parent.modules().forEach((path, module) -> modules.put(path, grown(path, module, ranks, seed)));
        return new Adapter(config(parent.config(), ranks), modules, Optional.empty());
    }

    private static LowRank grown(String path, LowRank module, int ranks, long seed) {
        int rank = module.rank() + ranks;
        float[] a = Arrays.copyOf(module.a().values(), rank * module.in());
        CounterRandom random = new CounterRandom(seed, path + ".lora_A");
        float bound = (float) (1 / Math.sqrt(module.in()));
        for (int i = 0; i < ranks * module.in(); i++) {
            a[module.rank() * module.in() + i] = bound * random.symmetric(i);
        }
        float[] b = new float[module.out() * rank];
        for (int out = 0; out < module.out(); out++) {
            System.arraycopy(module.b().values(), out * module.rank(), b, out * rank, module.rank());
        }
        return new LowRank(new FloatTensor(rank, module.in(), a), new FloatTensor(module.out(), rank, b));
    }
}
