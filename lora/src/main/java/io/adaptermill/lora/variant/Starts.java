package io.adaptermill.lora.variant;

import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.optim.AdapterStart;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.schemas.policy.Variant;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/// What methods begin with, where that is not plain LoRA's.
final class Starts {
    /// Standard deviation of A and B in AdaLoRA.
    private static final double TRIPLET_SPREAD = 0.02;

    /// Of a router's weights, times its inputs.
    private static final double ROUTER_VARIANCE = 0.1;

    private Starts() {}

    /// Plain LoRA's A and B, all gates open.
    static void open(AdapterParameters weights, long seed) {
        AdapterStart.draw(weights, seed);
        fill(weights, Part.GATE, 1);
    }

    /// Plain LoRA's A and B, and routers whose scores are small but never equal: normal with the variance 0.1 / in.
    /// Source: Fedus et al. 2022, section 2.4.
    static void routed(AdapterParameters weights, long seed) {
        AdapterStart.draw(weights, seed);
        for (Slot slot : weights.layout().slots()) {
            CounterRandom random = new CounterRandom(seed, slot.path() + Part.ROUTER.suffix());
            double spread = Math.sqrt(ROUTER_VARIANCE / slot.in());
            int count = slot.rows(Part.ROUTER) * slot.in();
            for (int i = 0; i < count; i++) {
                weights.values().set(slot.router() + i, (float) (spread * random.normal(i)));
            }
        }
    }

    /// A and B normal, all gates 0: the singular values of an update that is zero.
    static void triplets(AdapterParameters weights, long seed) {
        for (Slot slot : weights.layout().slots()) {
            for (Part part : new Part[] {Part.A, Part.B}) {
                CounterRandom random = new CounterRandom(seed, slot.path() + part.suffix());
                int count = slot.rows(part) * slot.columns(part);
                for (int i = 0; i < count; i++) {
                    weights.values().set(slot.at(part) + i, (float) (TRIPLET_SPREAD * random.normal(i)));
                }
            }
        }
    }

    /// The same A and B for all modules, cut to each one's size: uniform with the variance 2 / columns. Gates at
    /// their start, outputs 0.
    static void shared(AdapterParameters weights, Variant.Vera vera) {
        int inMax = weights.layout().slots().stream().mapToInt(Slot::in).max().orElseThrow();
        CounterRandom first = new CounterRandom(vera.projectionSeed(), "vera_A");
        CounterRandom second = new CounterRandom(vera.projectionSeed(), "vera_B");
        Tensor values = weights.values();
        for (Slot slot : weights.layout().slots()) {
            float boundA = (float) Math.sqrt(6.0 / inMax);
            for (int c = 0; c < slot.rank(); c++) {
                for (int i = 0; i < slot.in(); i++) {
                    values.set(slot.a() + (long) c * slot.in() + i, boundA * first.symmetric((long) c * inMax + i));
                }
            }
            float boundB = (float) Math.sqrt(6.0 / slot.rank());
            for (int i = 0; i < slot.out() * slot.rank(); i++) values.set(slot.b() + i, boundB * second.symmetric(i));
        }
        fill(weights, Part.GATE, (float) vera.gateStart());
    }

    /// The largest singular values of the base: A = √(S/s) Vᵀ, B = U √(S/s). What that adds to the base is held with
    /// the opposite sign, so that the model is the same until the first step and the base's stored bits stay.
    static SortedMap<String, LowRank> principal(AdapterParameters weights, long seed, BaseWeights base) {
        SortedMap<String, LowRank> held = new TreeMap<>();
        try (Workspace memory = new Workspace()) {
            for (Slot slot : weights.layout().slots()) {
                LowRank top = TopSingular.of(base.read(slot, memory), slot.rank(), base.kernels(), memory);
                float root = (float) (1 / Math.sqrt(slot.scale()));
                FloatTensor a = scaled(top.a(), root);
                weights.put(slot, Part.A, a);
                weights.put(slot, Part.B, scaled(top.b(), root));
                held.put(slot.path(), new LowRank(a, scaled(top.b(), -root)));
                memory.reset();
            }
        }
        return held;
    }

    /// A along the directions in which each module's inputs vary most, B zero. Where there are fewer directions than
    /// ranks, the rest of A is plain LoRA's.
    static void along(AdapterParameters weights, long seed, Map<String, PrincipalInputs> inputs) {
        AdapterStart.draw(weights, seed);
        for (Slot slot : weights.layout().slots()) {
            PrincipalInputs principal = Objects.requireNonNull(inputs.get(slot.path()), slot.path());
            float[] directions = principal.directions().values();
            for (int c = 0; c < slot.rank(); c++) {
                if (principal.shares()[c] == 0) break;
                for (int i = c * slot.in(); i < (c + 1) * slot.in(); i++) {
                    weights.values().set(slot.a() + i, directions[i]);
                }
            }
        }
    }

    /// Plain LoRA's A and B, rows as long as the base's are.
    static SortedMap<String, LowRank> measured(AdapterParameters weights, long seed, BaseWeights base) {
        AdapterStart.draw(weights, seed);
        try (Workspace memory = new Workspace()) {
            for (Slot slot : weights.layout().slots()) {
                Tensor weight = base.read(slot, memory);
                for (int o = 0; o < slot.out(); o++) {
                    double sum = 0;
                    for (long i = (long) o * slot.in(); i < (o + 1L) * slot.in(); i++) {
                        sum += (double) weight.get(i) * weight.get(i);
                    }
                    weights.values().set(slot.magnitude() + o, (float) Math.sqrt(sum));
                }
                memory.reset();
            }
        }
        return new TreeMap<>();
    }

    static void fill(AdapterParameters weights, Part part, float value) {
        for (Slot slot : weights.layout().slots()) {
            if (!slot.has(part)) continue;
            int count = slot.rows(part) * slot.columns(part);
            for (int i = 0; i < count; i++) weights.values().set(slot.at(part) + i, value);
        }
    }

    private static FloatTensor scaled(FloatTensor tensor, float factor) {
        float[] values = tensor.values().clone();
        for (int i = 0; i < values.length; i++) values[i] *= factor;
        return new FloatTensor(tensor.rows(), tensor.columns(), values);
    }
}
