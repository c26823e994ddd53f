package io.adaptermill.lora.source;

import java.util.Map;

/// The names that GGUF gives to Hugging Face's tensors.
public final class GgufNames {
    private static final String BLOCK = "model.layers.";

    private static final Map<String, String> OUTSIDE = Map.of(
            "model.embed_tokens", "token_embd",
            "model.norm", "output_norm",
            "lm_head", "output");

    private static final Map<String, String> INSIDE = Map.ofEntries(
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"));

    private GgufNames() {}

    /// @param name such as `model.layers.3.self_attn.q_proj.weight`, gives `blk.3.attn_q.weight`
    public static String of(String name) {
        int end = name.lastIndexOf('.');
        String module = name.substring(0, end);
        String kind = name.substring(end);
        if (!module.startsWith(BLOCK)) return translate(OUTSIDE, module) + kind;
        String rest = module.substring(BLOCK.length());
        int dot = rest.indexOf('.');
        return "blk." + rest.substring(0, dot) + "." + translate(INSIDE, rest.substring(dot + 1)) + kind;
    }

    private static String translate(Map<String, String> names, String module) {
        String found = names.get(module);
        if (found == null) throw new IllegalStateException("no GGUF name for " + module + ": add it to GgufNames");
        return found;
    }
}
