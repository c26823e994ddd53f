package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.quant.FrozenTensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The frozen base in the form the decoder reads: linears as the checkpoint keeps them, norms in float32,
/// embedding and head in the precision of the products (they are used whole at every step).
///
/// Read-only and shared by every thread of the process. Must be closed after everything that uses it and before
/// its checkpoint.
public final class FrozenDecoder implements AutoCloseable {
    private static final int WIDTH_STEP = 16;

    private final ModelConfig config;
    private final Precision precision;
    private final WeightForm form;
    private final Workspace memory = new Workspace();
    private final List<FrozenLayer> layers = new ArrayList<>();
    private final Tensor finalNorm;
    private final Tensor embedding;
    private final Tensor head;

    public FrozenDecoder(Checkpoint checkpoint, Precision precision) {
        this(checkpoint, precision, WeightForm.AS_STORED);
    }

    /// @param form of the linears
    public FrozenDecoder(Checkpoint checkpoint, Precision precision, WeightForm form) {
        this.config = checkpoint.config();
        this.precision = precision;
        this.form = form;
        requireSupported(config);
        for (int layer = 0; layer < config.layers(); layer++) layers.add(layer(checkpoint, layer));
        finalNorm = widen(checkpoint.tensor(Checkpoint.FINAL_NORM), Precision.F32);
        embedding = widen(checkpoint.tensor(Checkpoint.EMBEDDING), precision);
        head = config.has(ModelConfig.Feature.TIED_EMBEDDINGS)
                ? embedding
                : widen(checkpoint.tensor(Checkpoint.HEAD), precision);
    }

    public ModelConfig config() {
        return config;
    }

    public Precision precision() {
        return precision;
    }

    public FrozenLayer layer(int index) {
        return layers.get(index);
    }

    /// `[D]` float32.
    public Tensor finalNorm() {
        return finalNorm;
    }

    /// `[V, D]`.
    public Tensor embedding() {
        return embedding;
    }

    /// `[V, D]`, the embedding itself where they are tied.
    public Tensor head() {
        return head;
    }

    @Override
    public void close() {
        memory.close();
    }

    private FrozenLayer layer(Checkpoint checkpoint, int layer) {
        Map<Fused, FrozenLinear> linears = new EnumMap<>(Fused.class);
        for (Fused fused : Fused.values()) {
            List<FrozenTensor> parts = fused.parts().stream()
                    .map(part -> checkpoint.tensor(Checkpoint.weight(part, layer)))
                    .toList();
            linears.put(fused, new FrozenLinear(fused, parts, bias(checkpoint, fused, layer), widened(fused, parts)));
        }
        return new FrozenLayer(
                widen(checkpoint.tensor(Checkpoint.attentionNorm(layer)), Precision.F32),
                widen(checkpoint.tensor(Checkpoint.feedForwardNorm(layer)), Precision.F32),
                headNorms(checkpoint, layer),
                linears);
    }

    private Optional<Tensor> widened(Fused fused, List<FrozenTensor> parts) {
        return switch (form) {
            case AS_STORED -> Optional.empty();
            case WIDENED -> {
                Tensor weight = memory.tensor(precision, fused.out(config), fused.in(config));
                FrozenLinear.widen(parts, weight);
                yield Optional.of(weight);
            }
        };
    }

    /// The parts' biases one after the other; zeros for a part without.
    private Optional<Tensor> bias(Checkpoint checkpoint, Fused fused, int layer) {
        if (fused.parts().stream().noneMatch(part -> part.hasBias(config))) return Optional.empty();
        Tensor bias = memory.zeros(Precision.F32, 1, fused.out(config));
        long at = 0;
        for (Linear part : fused.parts()) {
            if (part.hasBias(config)) {
                checkpoint.tensor(Checkpoint.bias(part, layer)).readFloats(0, 1, bias.memory(), at);
            }
            at += 4L * part.out(config);
        }
        return Optional.of(bias);
    }

    private Optional<HeadNorms> headNorms(Checkpoint checkpoint, int layer) {
        if (!config.has(ModelConfig.Feature.QK_NORM)) return Optional.empty();
        Tensor query = widen(checkpoint.tensor(Checkpoint.queryNorm(layer)), Precision.F32);
        Tensor key = widen(checkpoint.tensor(Checkpoint.keyNorm(layer)), Precision.F32);
        return Optional.of(new HeadNorms(config, query, key));
    }

    private Tensor widen(FrozenTensor tensor, Precision to) {
        Tensor dense = memory.tensor(to, tensor.rows(), tensor.columns());
        if (to == Precision.BF16) tensor.readBrainFloats(0, tensor.rows(), dense.memory(), 0);
        else tensor.readFloats(0, tensor.rows(), dense.memory(), 0);
        return dense;
    }

    private static void requireSupported(ModelConfig config) {
        requireStep("hidden", config.hidden());
        requireStep("intermediate", config.intermediate());
        requireStep("heads times headDim", config.heads() * config.headDim());
        if (!config.has(ModelConfig.Feature.QK_NORM)) return;
        requireStep("headDim of a model with norms of its heads", config.headDim());
    }

    private static void requireStep(String field, int value) {
        if (value % WIDTH_STEP != 0) {
            throw new IllegalArgumentException("the base model's " + field + " must be a multiple of " + WIDTH_STEP
                    + ", was " + value + "; use another base model");
        }
    }
}
