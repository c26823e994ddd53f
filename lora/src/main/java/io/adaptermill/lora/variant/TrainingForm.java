package io.adaptermill.lora.variant;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.OptimizerState;
import io.adaptermill.artifacts.Routing;
import io.adaptermill.lora.optim.AdamW;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.AdapterParameters;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Between what a method trains and the adapter that is stored. Every adapter is served as plain factors: gates and
/// output factors are folded into B, ranks whose learnt gate is shut leave it, what is held is concatenated; only
/// DoRA's
/// lengths of rows and a mixture's routers stay apart. Where that loses what training needs, the optimizer's file keeps
/// the trained parts as well.
///
/// @param level above what is trained; with one the optimizer's file always keeps what is trained
/// @param held is filled by loading
public record TrainingForm(
        Method method, Optional<Level> level, AdapterParameters weights, AdamW.Moments moments, Held held) {
    private static final String WEIGHTS = "weights.";
    private static final String FIRST = "first.";
    private static final String SECOND = "second.";
    private static final String IMPORTANCE = "importance.";
    private static final double SCALE_TOLERANCE = 1e-9;

    /// Whether a parent keeps what this method trains apart from what lies above it, in the ranks and scales that are
    /// asked for: then training goes on whatever the level was, and whatever it is now.
    static boolean isOf(Method method, Adapter parent, LoraConfig trained) {
        Optional<OptimizerState.Form> own = parent.optimizer()
                .flatMap(OptimizerState::form)
                .filter(form -> form.variant().equals(method.name()));
        if (own.isEmpty()
                || method.pairs() != Method.Pairs.NONE
                || method.experts().choose()) return false;
        return parent.modules().keySet().stream().allMatch(path -> {
            FloatTensor b = own.get().tensors().get(WEIGHTS + path + Part.B.suffix());
            double scale = parent.config().scale(path) / trained.scale(path);
            return b != null && b.columns() == trained.rank(path) && Math.abs(scale - 1) < SCALE_TOLERANCE;
        });
    }

    /// Draws a new adapter.
    public void start(long seed, BaseWeights base) {
        draw(seed, base);
        holdLevel();
    }

    private void holdLevel() {
        for (Slot slot : weights.layout().slots()) {
            level.flatMap(above -> above.pair(slot)).ifPresent(pair -> held.add(slot, pair));
        }
    }

    private void draw(long seed, BaseWeights base) {
        SortedMap<String, LowRank> beside = method.start().draw(weights, seed, base);
        for (Slot slot : weights.layout().slots()) {
            LowRank pair = beside.get(slot.path());
            if (pair != null) held.add(slot, pair);
        }
    }

    /// Takes over a parent that [Method#misfit] let pass.
    public void load(Adapter parent, long seed, BaseWeights base) {
        own(parent, seed, base);
        holdLevel();
    }

    private void own(Adapter parent, long seed, BaseWeights base) {
        Optional<OptimizerState> state = parent.optimizer();
        if (state.flatMap(OptimizerState::form).isEmpty()) {
            if (!method.parts().isEmpty()) draw(seed, base);
            weights.load(parent.modules());
            state.ifPresent(known -> {
                moments.first().load(known.first());
                moments.second().load(known.second());
            });
            return;
        }
        if (method.pairs() == Method.Pairs.NONE) draw(seed, base);
        SortedMap<String, FloatTensor> own =
                state.flatMap(OptimizerState::form).orElseThrow().tensors();
        for (Slot slot : weights.layout().slots()) {
            for (Part part : method.pace().keySet()) {
                String name = slot.path() + part.suffix();
                weights.put(slot, part, tensor(own, WEIGHTS + name));
                moments.first().put(slot, part, tensor(own, FIRST + name));
                moments.second().put(slot, part, tensor(own, SECOND + name));
            }
            LowRank all = parent.modules().get(slot.path());
            if (all == null) throw new IllegalArgumentException("the adapter has no module " + slot.path());
            if (method.pairs() != Method.Pairs.NONE && all.rank() > slot.rank())
                held.add(slot, Held.rest(all, slot.rank()));
        }
    }

    /// The importance of what is trained to the lineage's batches.
    ///
    /// @param sums all zero, and left so if it was never measured
    public void loadImportance(Adapter parent, AdapterParameters sums) {
        Optional<OptimizerState> state = parent.optimizer();
        state.map(OptimizerState::importance).filter(known -> !known.isEmpty()).ifPresent(sums::load);
        state.flatMap(OptimizerState::form).ifPresent(form -> {
            for (Slot slot : sums.layout().slots()) {
                for (Part part : method.pace().keySet()) {
                    FloatTensor known = form.tensors().get(IMPORTANCE + slot.path() + part.suffix());
                    if (known != null) sums.put(slot, part, known);
                }
            }
        });
    }

    /// @param config of what is served, before ranks leave it
    /// @param importance of what is trained to the lineage's batches, if it was measured
    public Adapter adapter(LoraConfig config, long steps, Optional<AdapterParameters> importance) {
        SortedMap<String, LowRank> modules = new TreeMap<>();
        for (Slot slot : weights.layout().slots()) {
            LowRank plain = new LowRank(weights.get(slot, Part.A), folded(slot));
            LowRank open = method.drops() ? OpenRanks.of(plain) : plain;
            modules.put(slot.path(), held.beside(slot.path(), open));
        }
        LoraConfig kept = method.drops() ? OpenRanks.config(config, modules) : config;
        OptimizerState state = method.form() || level.isPresent()
                ? new OptimizerState(steps, form(importance))
                : new OptimizerState(
                        steps,
                        moments.first().modules(),
                        moments.second().modules(),
                        importance.map(AdapterParameters::modules).orElseGet(Collections::emptySortedMap));
        return new Adapter(kept, modules, Optional.of(state), magnitudes(), routing());
    }

    private Optional<Routing> routing() {
        if (!method.experts().choose()) return Optional.empty();
        SortedMap<String, FloatTensor> routers = new TreeMap<>();
        for (Slot slot : weights.layout().slots()) routers.put(slot.path(), weights.get(slot, Part.ROUTER));
        return Optional.of(new Routing(method.experts().topK(), routers));
    }

    private SortedMap<String, FloatTensor> magnitudes() {
        SortedMap<String, FloatTensor> magnitudes = new TreeMap<>();
        for (Slot slot : weights.layout().slots()) {
            if (slot.has(Part.MAGNITUDE)) magnitudes.put(slot.path(), weights.get(slot, Part.MAGNITUDE));
        }
        return magnitudes;
    }

    private OptimizerState.Form form(Optional<AdapterParameters> importance) {
        SortedMap<String, FloatTensor> tensors = new TreeMap<>();
        for (Slot slot : weights.layout().slots()) {
            for (Part part : method.pace().keySet()) {
                String name = slot.path() + part.suffix();
                tensors.put(WEIGHTS + name, weights.get(slot, part));
                tensors.put(FIRST + name, moments.first().get(slot, part));
                tensors.put(SECOND + name, moments.second().get(slot, part));
                importance.ifPresent(sums -> tensors.put(IMPORTANCE + name, sums.get(slot, part)));
            }
        }
        return new OptimizerState.Form(method.name(), tensors);
    }

    /// `b ⊙ B ⊙ g`.
    private FloatTensor folded(Slot slot) {
        FloatTensor b = weights.get(slot, Part.B);
        if (!slot.has(Part.GATE) && !slot.has(Part.OUTPUT)) return b;
        float[] values = b.values().clone();
        for (int i = 0; i < values.length; i++) {
            int o = i / slot.rank();
            if (slot.has(Part.GATE)) values[i] *= weights.values().get(slot.gate() + i % slot.rank());
            if (slot.has(Part.OUTPUT)) values[i] *= weights.values().get(slot.output() + o);
        }
        return new FloatTensor(slot.out(), slot.rank(), values);
    }

    private static FloatTensor tensor(SortedMap<String, FloatTensor> tensors, String name) {
        FloatTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the parent's optimizer file has no " + name
                    + ": go on from another version, or start a new lineage");
        }
        return tensor;
    }
}
