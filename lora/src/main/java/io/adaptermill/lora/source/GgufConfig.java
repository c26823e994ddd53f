package io.adaptermill.lora.source;

import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.lora.gguf.GgufFile;
import io.adaptermill.lora.gguf.GgufMetadata;
import io.adaptermill.lora.gguf.GgufTensor;
import io.adaptermill.lora.model.ModelConfig;
import java.util.EnumSet;
import java.util.Set;

/// Reads the configuration from a GGUF file's metadata, and from which tensors it has.
final class GgufConfig {
    private static final Set<String> ARCHITECTURES = Set.of("llama", "qwen2", "qwen3");
    private static final double ROPE_THETA_DEFAULT = 10_000;

    private GgufConfig() {}

    static ModelConfig read(GgufFile gguf) {
        GgufMetadata metadata = gguf.metadata();
        String architecture = metadata.text("general.architecture");
        if (!ARCHITECTURES.contains(architecture)) {
            throw unsupported(gguf, "the architecture " + architecture + " is not of the llama family");
        }
        requirePlain(gguf, architecture);
        int hidden = metadata.positive(architecture + ".embedding_length");
        int heads = metadata.positive(architecture + ".attention.head_count");
        GgufTensor embedding = gguf.tensors().get("token_embd.weight");
        if (embedding == null) throw unsupported(gguf, "the tensor token_embd.weight is missing");
        try {
            return new ModelConfig(
                    embedding.rows(),
                    metadata.positive(architecture + ".block_count"),
                    hidden,
                    metadata.positive(architecture + ".feed_forward_length"),
                    heads,
                    metadata.findPositive(architecture + ".attention.head_count_kv")
                            .orElse(heads),
                    metadata.findPositive(architecture + ".attention.key_length")
                            .orElse(hidden / heads),
                    metadata.positive(architecture + ".context_length"),
                    metadata.findReal(architecture + ".rope.freq_base").orElse(ROPE_THETA_DEFAULT),
                    GgufRope.scaling(gguf, architecture),
                    normEps(gguf, architecture),
                    features(gguf));
        } catch (MalformedFile e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw unsupported(gguf, "the configuration contradicts itself: " + e.getMessage());
        }
    }

    /// GGUF stores float32; the decimal it was meant to be gives the same double as `config.json` does.
    private static double normEps(GgufFile gguf, String architecture) {
        double stored = gguf.metadata()
                .findReal(architecture + ".attention.layer_norm_rms_epsilon")
                .orElseThrow(() -> unsupported(gguf, "the epsilon of RMSNorm is missing"));
        return Double.parseDouble(Float.toString((float) stored));
    }

    private static Set<ModelConfig.Feature> features(GgufFile gguf) {
        EnumSet<ModelConfig.Feature> features = EnumSet.noneOf(ModelConfig.Feature.class);
        if (!gguf.tensors().containsKey("output.weight")) features.add(ModelConfig.Feature.TIED_EMBEDDINGS);
        if (gguf.tensors().containsKey("blk.0.attn_q.bias")) features.add(ModelConfig.Feature.QKV_BIAS);
        if (gguf.tensors().containsKey("blk.0.attn_output.bias")) features.add(ModelConfig.Feature.OUTPUT_BIAS);
        if (gguf.tensors().containsKey("blk.0.ffn_gate.bias")) features.add(ModelConfig.Feature.MLP_BIAS);
        if (gguf.tensors().containsKey("blk.0.attn_q_norm.weight")) features.add(ModelConfig.Feature.QK_NORM);
        return features;
    }

    private static void requirePlain(GgufFile gguf, String architecture) {
        GgufMetadata metadata = gguf.metadata();
        if (metadata.has(architecture + ".expert_count")) throw unsupported(gguf, "mixtures of experts are not known");
        if (metadata.has(architecture + ".attention.sliding_window")) {
            throw unsupported(gguf, "sliding-window attention is not known");
        }
    }

    static MalformedFile unsupported(GgufFile gguf, String problem) {
        return new MalformedFile(
                gguf.path(),
                problem,
                "use a llama, Mistral, Qwen2 or Qwen3 model without it (lora/README.md says what loads)");
    }
}
