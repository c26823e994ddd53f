package io.adaptermill.lora.train;

import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.Passes;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.WeightProbe;
import java.util.List;
import java.util.function.Function;

/// The bare base with a probe at every linear that is going to be adapted, carried by an update that changes nothing.
final class ProbedBase {
    private final Passes passes;
    private final AdapterLayout layout;
    private final AdapterLayers layers;
    private final AdapterParameters unused;

    /// @param adapted whose targets are probed
    /// @param memory holds the update
    /// @param probes makes one for the modules of a fused linear
    ProbedBase(
            Passes passes,
            FrozenDecoder base,
            Kernels kernels,
            LoraConfig adapted,
            Workspace memory,
            Function<List<Slot>, WeightProbe> probes) {
        this.passes = passes;
        layout = new AdapterLayout(base.config(), new LoraConfig(1, 1, adapted.targets()));
        layers = new AdapterLayers(layout, memory, kernels.precision());
        layers.load(kernels, new AdapterParameters(layout, memory));
        layers.probe(probes);
        unused = new AdapterParameters(layout, memory);
    }

    /// In the layout's order.
    List<Slot> slots() {
        return layout.slots();
    }

    /// One forward and backward.
    void learn(TokenBatch batch, Decoder.Weigher weigher) {
        passes.learn(batch, layers, weigher, unused);
    }
}
