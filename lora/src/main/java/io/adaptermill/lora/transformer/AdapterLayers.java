package io.adaptermill.lora.transformer;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// One adapter, ready to be applied by the decoder. Read-only once loaded, unless its trainer loads new
/// weights.
public final class AdapterLayers {
    private final List<Map<Fused, FusedLowRank>> layers = new ArrayList<>();

    /// All zero: an update that changes nothing.
    public AdapterLayers(AdapterLayout layout, Workspace memory, Precision precision) {
        for (int layer = 0; layer < layout.model().layers(); layer++) {
            Map<Fused, FusedLowRank> byFused = new EnumMap<>(Fused.class);
            for (Fused fused : Fused.values()) {
                List<AdapterLayout.Slot> slots = layout.slots(layer, fused);
                if (!slots.isEmpty()) {
                    byFused.put(fused, new FusedLowRank(layout, fused, slots, memory, precision));
                }
            }
            layers.add(byFused);
        }
    }

    /// @param memory holds the adapter until it is reset or closed
    /// @throws IllegalArgumentException if the adapter belongs to another base model
    public static AdapterLayers of(Adapter adapter, FrozenDecoder base, Kernels kernels, Workspace memory) {
        AdapterLayout layout = layout(adapter, base.config());
        AdapterLayers layers = new AdapterLayers(layout, memory, base.precision());
        try (Workspace passing = new Workspace()) {
            AdapterParameters parameters = new AdapterParameters(layout, passing);
            parameters.load(adapter.modules());
            for (AdapterLayout.Slot slot : layout.slots()) {
                FloatTensor magnitude = adapter.magnitudes().get(slot.path());
                if (magnitude != null) parameters.put(slot, Part.MAGNITUDE, magnitude);
            }
            adapter.routing()
                    .ifPresent(routing -> routing.routers()
                            .forEach((path, router) -> parameters.put(layout.slot(path), Part.ROUTER, router)));
            layers.load(kernels, parameters);
        }
        return layers;
    }

    private static AdapterLayout layout(Adapter adapter, ModelConfig model) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        if (!adapter.magnitudes().isEmpty()) parts.add(Part.MAGNITUDE);
        if (adapter.routing().isPresent()) parts.add(Part.ROUTER);
        return new AdapterLayout(model, adapter.config(), parts, AdapterLayout.Experts.of(adapter), slot -> 0);
    }

    /// The update of one fused linear; absent if the adapter does not target it.
    public Optional<FusedLowRank> get(int layer, Fused fused) {
        return Optional.ofNullable(layers.get(layer).get(fused));
    }

    /// Applies a pair beside a module's own from now on, see [AdapterLayout.Slot#held].
    ///
    /// @param from first of the slot's held ranks that it takes
    public void hold(Kernels kernels, AdapterLayout.Slot slot, int from, LowRank pair) {
        for (Fused fused : Fused.values()) {
            if (!fused.parts().contains(slot.linear())) continue;
            FusedLowRank update = layers.get(slot.layer()).get(fused);
            if (update == null) throw new IllegalStateException("no update for " + slot.path());
            update.hold(kernels, slot, from, pair);
        }
    }

    /// Lets a probe watch the frozen weight below each fused update.
    ///
    /// @param probes makes one for the modules of a fused linear, which are all of its parts, in their order
    public void probe(Function<List<AdapterLayout.Slot>, WeightProbe> probes) {
        for (Map<Fused, FusedLowRank> layer : layers) {
            layer.values().forEach(update -> update.probe(probes.apply(update.slots())));
        }
    }

    /// Hides some of each linear's input from the updates, in forward and backward passes until it is set again.
    ///
    /// @param mask for the rows of the next batch; absent where everything is seen, as in all scoring
    public void mask(Optional<InputMask> mask) {
        layers.forEach(layer -> layer.values().forEach(update -> update.mask(mask)));
    }

    /// Keeps a mixture's experts equally busy in the backward passes that follow.
    ///
    /// @param weight of one token's balance at one router; 0 to leave experts alone
    public void balance(double weight) {
        layers.forEach(layer -> layer.values().forEach(update -> update.gates().ifPresent(own -> own.balance(weight))));
    }

    public void load(Kernels kernels, AdapterParameters parameters) {
        List<FusedLowRank> all =
                layers.stream().flatMap(layer -> layer.values().stream()).toList();
        kernels.rows().run(all.size(), 1 << 14, (from, to) -> {
            for (int i = from; i < to; i++) all.get(i).load(kernels, parameters);
        });
    }
}
