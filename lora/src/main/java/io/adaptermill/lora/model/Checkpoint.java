package io.adaptermill.lora.model;

import io.adaptermill.lora.quant.FrozenTensor;
import io.adaptermill.schemas.id.Digest;
import java.lang.foreign.Arena;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A base model in memory: configuration and frozen tensors. One per process; everything shares it.
///
/// Owns the native memory of its tensors: nothing may read a tensor after [#close].
public final class Checkpoint implements AutoCloseable {
    public static final String EMBEDDING = "model.embed_tokens.weight";
    public static final String FINAL_NORM = "model.norm.weight";
    public static final String HEAD = "lm_head.weight";

    private final ModelConfig config;
    private final SequencedMap<String, FrozenTensor> tensors;
    private final Arena memory;

    /// @param tensors exactly the names and shapes of [ModelConfig#tensors]
    /// @param memory shared arena that holds the tensors; closed with the checkpoint
    public Checkpoint(ModelConfig config, SequencedMap<String, FrozenTensor> tensors, Arena memory) {
        this.config = config;
        this.tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
        this.memory = memory;
        requireComplete();
    }

    public static String weight(Linear linear, int layer) {
        return linear.path(layer) + ".weight";
    }

    public static String bias(Linear linear, int layer) {
        return linear.path(layer) + ".bias";
    }

    public static String attentionNorm(int layer) {
        return "model.layers." + layer + ".input_layernorm.weight";
    }

    public static String feedForwardNorm(int layer) {
        return "model.layers." + layer + ".post_attention_layernorm.weight";
    }

    public static String queryNorm(int layer) {
        return "model.layers." + layer + ".self_attn.q_norm.weight";
    }

    public static String keyNorm(int layer) {
        return "model.layers." + layer + ".self_attn.k_norm.weight";
    }

    public ModelConfig config() {
        return config;
    }

    public SequencedMap<String, FrozenTensor> tensors() {
        return tensors;
    }

    /// @throws IllegalArgumentException if the model has no tensor of that name
    public FrozenTensor tensor(String name) {
        FrozenTensor tensor = tensors.get(name);
        if (tensor == null) throw new IllegalArgumentException("the base model has no tensor " + name);
        return tensor;
    }

    /// The output head: the embedding where they are tied.
    public FrozenTensor head() {
        return tensor(config.has(ModelConfig.Feature.TIED_EMBEDDINGS) ? EMBEDDING : HEAD);
    }

    public long sizeBytes() {
        return tensors.values().stream().mapToLong(FrozenTensor::sizeBytes).sum();
    }

    /// What an adapter's manifest calls its base: a digest of configuration and stored tensors, in whatever file they
    /// came. Reads every byte, a few tenths of a second for each 100 MB: ask once.
    public Digest fingerprint() {
        return Fingerprint.of(config, tensors);
    }

    @Override
    public void close() {
        memory.close();
    }

    private void requireComplete() {
        SequencedMap<String, ModelConfig.Shape> expected = config.tensors();
        expected.forEach((name, shape) -> {
            FrozenTensor tensor = tensor(name);
            if (tensor.rows() != shape.rows() || tensor.columns() != shape.columns()) {
                throw new IllegalArgumentException("tensor %s must be %d x %d by the model's configuration, was %d x %d"
                        .formatted(name, shape.rows(), shape.columns(), tensor.rows(), tensor.columns()));
            }
        });
    }
}
