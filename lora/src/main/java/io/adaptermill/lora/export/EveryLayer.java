package io.adaptermill.lora.export;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.model.ModelConfig;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Adapters of other people's may leave layers out; our decoders want each target in every layer. What is
/// missing becomes an update of zeros, which changes nothing.
public final class EveryLayer {
    private EveryLayer() {}

    /// @param adapter without magnitudes; its optimizer's state is left behind
    /// @throws IllegalArgumentException if it belongs to another base
    public static Adapter of(Adapter adapter, ModelConfig model) {
        adapter.requirePlain();
        model.requireFits(adapter);
        SortedMap<String, LowRank> modules = new TreeMap<>(adapter.modules());
        for (int layer = 0; layer < model.layers(); layer++) {
            for (Linear linear : Linear.values()) {
                if (!adapter.config().targets().contains(linear.target())) continue;
                String path = linear.path(layer);
                int rank = adapter.config().rank(path);
                modules.computeIfAbsent(
                        path,
                        _ -> new LowRank(
                                FloatTensor.zeros(rank, linear.in(model)), FloatTensor.zeros(linear.out(model), rank)));
            }
        }
        return new Adapter(adapter.config(), modules, Optional.empty());
    }
}
