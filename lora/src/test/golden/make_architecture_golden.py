"""Makes tiny random models of every architecture, as folders and as GGUF, with what transformers computes for them.

    python make_architecture_golden.py ../resources/golden/architectures

Made with torch 2.15.0, transformers 5.23.0, peft 0.21.2, gguf 0.19.0, safetensors 0.8.0. Weights are stored in bfloat16
and computed in float32. Logits of one sequence, and the gradient of its mean loss by the factors of an adapter on
q_proj, k_proj and gate_proj. The GGUF files are read back by transformers' own reader (with the folder's config, since it
does not know every key) and must give the same logits.
"""
import json, os, sys
import numpy as np, torch
import torch.nn.functional as F
from gguf import GGUFWriter, GGMLQuantizationType as Q, RopeScalingType
from gguf.quants import quantize
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

OUT = sys.argv[1]
VOCABULARY, LAYERS, HIDDEN, FFN, HEADS, KV, CONTEXT, RANK, LENGTH = 64, 2, 64, 64, 4, 2, 64, 2, 40
TARGETS = ["q_proj", "k_proj", "gate_proj"]
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 16}
CASES = {  # name: model type, what its config says beyond the common part
    "llama": ("llama", {"rope_theta": 500000.0, "rope_scaling": LLAMA3, "tie_word_embeddings": False}),
    "llama-linear": ("llama", {"rope_theta": 10000.0, "rope_scaling": {"type": "linear", "factor": 4.0}, "tie_word_embeddings": True}),
    "llama-biased": ("llama", {"rope_theta": 10000.0, "attention_bias": True, "mlp_bias": True, "tie_word_embeddings": True}),
    "mistral": ("mistral", {"rope_theta": 1000000.0, "sliding_window": None, "tie_word_embeddings": False}),
    "qwen2": ("qwen2", {"rope_theta": 1000000.0, "use_sliding_window": False, "sliding_window": 16, "tie_word_embeddings": True}),
    "qwen3": ("qwen3", {"rope_theta": 1000000.0, "head_dim": 32, "attention_bias": False, "tie_word_embeddings": False}),
}
CLASSES = {"llama": "LlamaForCausalLM", "mistral": "MistralForCausalLM", "qwen2": "Qwen2ForCausalLM", "qwen3": "Qwen3ForCausalLM"}
GGUF = {"llama": "llama", "llama-linear": "llama", "qwen2": "qwen2", "qwen3": "qwen3"}
NAMES = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output", "input_layernorm": "attn_norm",
         "post_attention_layernorm": "ffn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
         "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm", "mlp.gate_proj": "ffn_gate",
         "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}
rng = np.random.default_rng(20260102)
draw = lambda *shape: torch.from_numpy((rng.standard_normal(shape) * 0.25).astype(np.float32))


def weights(kind, config, dim):
    biased = lambda part: config.get("attention_bias", False) if part != "mlp" else config.get("mlp_bias", False)
    shapes = {"self_attn.q_proj": (HEADS * dim, HIDDEN), "self_attn.k_proj": (KV * dim, HIDDEN), "self_attn.v_proj": (KV * dim, HIDDEN),
              "self_attn.o_proj": (HIDDEN, HEADS * dim), "mlp.gate_proj": (FFN, HIDDEN), "mlp.up_proj": (FFN, HIDDEN), "mlp.down_proj": (HIDDEN, FFN)}
    w = {"model.embed_tokens.weight": draw(VOCABULARY, HIDDEN), "model.norm.weight": 1 + draw(HIDDEN)}
    if not config["tie_word_embeddings"]: w["lm_head.weight"] = draw(VOCABULARY, HIDDEN)
    for i in range(LAYERS):
        p = f"model.layers.{i}."
        w |= {p + n + ".weight": 1 + draw(HIDDEN) for n in ("input_layernorm", "post_attention_layernorm")}
        if kind == "qwen3": w |= {p + n + ".weight": 1 + draw(dim) for n in ("self_attn.q_norm", "self_attn.k_norm")}
        for name, shape in shapes.items():
            w[p + name + ".weight"] = draw(*shape)
            if biased(name.split(".")[0]) or kind == "qwen2" and name[-6] in "qkv": w[p + name + ".bias"] = draw(shape[0])
    return {n: t.to(torch.bfloat16) for n, t in w.items()}


def write_folder(path, kind, extra, w):
    os.makedirs(path, exist_ok=True)
    save_file(w, path + "/model.safetensors", metadata={"format": "pt"})
    os.chmod(path + "/model.safetensors", 0o644)
    config = {"architectures": [CLASSES[kind]], "model_type": kind, "hidden_act": "silu", "vocab_size": VOCABULARY, "hidden_size": HIDDEN,
              "intermediate_size": FFN, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "num_key_value_heads": KV,
              "max_position_embeddings": CONTEXT, "rms_norm_eps": 1e-5, "bos_token_id": 1, "eos_token_id": 2} | extra
    json.dump(config, open(path + "/config.json", "w"), indent=1)


def gguf_name(name):
    module, kind = name.rsplit(".", 1)
    if not module.startswith("model.layers."): return NAMES[module] + "." + kind
    _, _, i, rest = module.split(".", 3)
    return f"blk.{i}.{NAMES[rest]}.{kind}"


def permute(t, heads):  # llama's converter interleaves the halves of a head; the others leave them
    return t.reshape(heads, 2, t.shape[0] // heads // 2, *t.shape[1:]).swapaxes(1, 2).reshape(t.shape)


def write_gguf(path, arch, extra, dim, w):
    g = GGUFWriter(path, arch)
    g.add_context_length(CONTEXT); g.add_embedding_length(HIDDEN); g.add_block_count(LAYERS); g.add_feed_forward_length(FFN)
    g.add_head_count(HEADS); g.add_head_count_kv(KV); g.add_key_length(dim); g.add_value_length(dim); g.add_rope_dimension_count(dim)
    g.add_rope_freq_base(extra["rope_theta"]); g.add_layer_norm_rms_eps(1e-5); g.add_vocab_size(VOCABULARY)
    g.add_tokenizer_model("gpt2"); g.add_tokenizer_pre("gpt-2"); g.add_token_list([f"t{i}" for i in range(VOCABULARY)])
    g.add_token_types([1] * VOCABULARY); g.add_token_merges(["t 1"]); g.add_eos_token_id(2); g.add_bos_token_id(1)
    scaling = extra.get("rope_scaling") or {}
    if scaling.get("type") == "linear": g.add_rope_scaling_type(RopeScalingType.LINEAR); g.add_rope_scaling_factor(scaling["factor"])
    if scaling.get("rope_type") == "llama3": g.add_tensor("rope_freqs.weight", llama3_divisors(extra["rope_theta"], dim))
    for name, t in w.items():
        stored = t.float().numpy()
        if arch == "llama" and ("q_proj" in name or "k_proj" in name): stored = np.ascontiguousarray(permute(stored, HEADS if "q_proj" in name else KV))
        q = Q.F32 if stored.ndim == 1 else Q.BF16
        g.add_tensor(gguf_name(name), quantize(stored, q), raw_dtype=q)
    g.write_header_to_file(); g.write_kv_data_to_file(); g.write_tensors_to_file(); g.close()


def llama3_divisors(theta, dim):
    """What llama.cpp's converter writes: by how much each frequency is divided."""
    low, high, factor, old = (LLAMA3[k] for k in ("low_freq_factor", "high_freq_factor", "factor", "original_max_position_embeddings"))
    divisors = []
    for frequency in 1.0 / (theta ** (np.arange(0, dim, 2, dtype=np.float32) / dim)):
        wavelength = 2 * np.pi / frequency
        if wavelength < old / high: divisors.append(1.0)
        elif wavelength > old / low: divisors.append(factor)
        else:
            smooth = (old / wavelength - low) / (high - low)
            divisors.append(1 / ((1 - smooth) / factor + smooth))
    return np.array(divisors, dtype=np.float32)


def short(t):
    return [float(f"{x:.6g}") for x in t.detach().flatten().tolist()]


def model_of(path, **more):
    return AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32, attn_implementation="eager", **more).eval()


def golden(path, tokens):
    ids = torch.tensor([tokens])
    model = model_of(path)
    logits = model(ids).logits[0]
    model = get_peft_model(model, LoraConfig(r=RANK, lora_alpha=2 * RANK, target_modules=TARGETS, lora_dropout=0.0, bias="none", task_type="CAUSAL_LM"))
    adapter = {}
    for name, p in model.named_parameters():
        if "lora_" not in name: continue
        p.data.copy_(draw(*p.shape).mul(0.5).mul(1024).round().div(1024))
        adapter[name.removeprefix("base_model.model.").replace(".default.weight", "")] = p
    loss = F.cross_entropy(model(ids).logits[0, :-1], ids[0, 1:])
    loss.backward()
    return logits, {"tokens": tokens, "logits": short(logits), "adapter": {n: short(p) for n, p in adapter.items()},
                    "loss": loss.item(), "gradient": {n: short(p.grad) for n, p in adapter.items()}}


for name, (kind, extra) in CASES.items():
    dim = extra.get("head_dim", HIDDEN // HEADS)
    w = weights(kind, extra, dim)
    path = f"{OUT}/{name}"
    write_folder(path, kind, extra, w)
    tokens = [int(t) for t in rng.integers(3, VOCABULARY, LENGTH)]
    logits, numbers = golden(path, tokens)
    json.dump(numbers, open(path + "/golden.json", "w"), separators=(",", ":"))
    print(name, "loss", numbers["loss"], "largest logit", logits.abs().max().item())
    if name in GGUF:
        write_gguf(path + ".gguf", GGUF[name], extra, dim, w)
        back = model_of(OUT, gguf_file=name + ".gguf", config=AutoConfig.from_pretrained(path))(torch.tensor([tokens])).logits[0]
        assert (back - logits).abs().max() < 1e-5, name
