"""Makes block formats' golden files: a tiny llama in every GGUF block format that has groups, with random bytes.

    python make_block_golden.py ../resources/golden/architectures

Made with torch 2.15.0, transformers 5.23.0, gguf 0.19.0, numpy 2.4.6. The numbers of every tensor are those of
gguf.quants.dequantize, the logits those of transformers' reader, which uses it too.
"""
import hashlib, json, os, sys
import numpy as np, torch
import gguf
from gguf import GGUFWriter, GGMLQuantizationType as Q
from gguf.quants import dequantize
from transformers import AutoModelForCausalLM

OUT = sys.argv[1]
os.makedirs(OUT + "/llama-k", exist_ok=True)
VOCABULARY, HIDDEN, FFN, HEADS, KV, LENGTH = 48, 256, 256, 4, 2, 12
DIM = HIDDEN // HEADS
HALVES = {Q.Q5_0: [0], Q.Q5_1: [0, 2], Q.Q4_K: [0, 2], Q.Q5_K: [0, 2], Q.Q6_K: [208]}  # where a block's float16 are
SCALE = {Q.Q5_0: [0.004], Q.Q5_1: [0.004, -0.06], Q.Q4_K: [2e-4, 1e-3], Q.Q5_K: [1e-4, 1e-3], Q.Q6_K: [2e-5]}
LINEARS = {"attn_q": ("self_attn.q_proj", Q.Q4_K, HIDDEN), "attn_k": ("self_attn.k_proj", Q.Q5_K, KV * DIM), "attn_v": ("self_attn.v_proj", Q.Q6_K, KV * DIM),
           "attn_output": ("self_attn.o_proj", Q.Q5_0, HIDDEN), "ffn_gate": ("mlp.gate_proj", Q.Q4_K, FFN), "ffn_up": ("mlp.up_proj", Q.Q5_1, FFN),
           "ffn_down": ("mlp.down_proj", Q.Q6_K, HIDDEN)}
rng = np.random.default_rng(20260103)
sha = lambda b: hashlib.sha256(b).hexdigest()


def blocks(kind, rows, columns):
    weights, size = gguf.GGML_QUANT_SIZES[kind]
    data = rng.integers(0, 256, (rows * columns // weights, size), dtype=np.uint8)
    for at, scale in zip(HALVES[kind], SCALE[kind]):
        d = (scale * rng.uniform(0.5, 1.5, len(data))).astype(np.float16)
        data[:, at:at + 2] = d.view(np.uint8).reshape(-1, 2)
    return data.reshape(rows, -1)


def unpermute(w, heads):  # GGUF's interleaved order of the llama architecture -> Hugging Face order
    return np.ascontiguousarray(w.reshape(heads, w.shape[0] // heads // 2, 2, *w.shape[1:]).swapaxes(1, 2).reshape(w.shape))


def line(kind, numbers):
    numbers = numbers.astype(np.float32)
    return {"storage": kind.name.lower(), "f32": sha(numbers.tobytes()), "bf16": sha(torch.from_numpy(numbers).to(torch.bfloat16).view(torch.int16).numpy().tobytes())}


g = GGUFWriter(OUT + "/llama-k.gguf", "llama")
g.add_context_length(64); g.add_embedding_length(HIDDEN); g.add_block_count(1); g.add_feed_forward_length(FFN); g.add_head_count(HEADS); g.add_head_count_kv(KV)
g.add_rope_freq_base(10000.0); g.add_layer_norm_rms_eps(1e-5); g.add_rope_dimension_count(DIM); g.add_vocab_size(VOCABULARY)
g.add_tokenizer_model("gpt2"); g.add_tokenizer_pre("gpt-2"); g.add_token_list([f"t{i}" for i in range(VOCABULARY)]); g.add_token_types([1] * VOCABULARY)
g.add_token_merges(["t 1"]); g.add_eos_token_id(2); g.add_bos_token_id(1)
tensors = {}
embedding = blocks(Q.Q6_K, VOCABULARY, HIDDEN)
g.add_tensor("token_embd.weight", embedding, raw_dtype=Q.Q6_K)
tensors["model.embed_tokens.weight"] = line(Q.Q6_K, dequantize(embedding, Q.Q6_K))
for short, name in [("output_norm", "model.norm"), ("blk.0.attn_norm", "model.layers.0.input_layernorm"), ("blk.0.ffn_norm", "model.layers.0.post_attention_layernorm")]:
    norm = (1 + rng.standard_normal(HIDDEN) * 0.1).astype(np.float32)
    g.add_tensor(short + ".weight", norm)
    tensors[name + ".weight"] = line(Q.F32, norm)
for short, (name, kind, rows) in LINEARS.items():
    data = blocks(kind, rows, HIDDEN)
    g.add_tensor(f"blk.0.{short}.weight", data, raw_dtype=kind)
    numbers = dequantize(data, kind)
    print(short, kind.name, "standard deviation", numbers.std())
    heads = {"attn_q": HEADS, "attn_k": KV}.get(short)
    tensors[f"model.layers.0.{name}.weight"] = line(kind, unpermute(numbers, heads) if heads else numbers)
g.write_header_to_file(); g.write_kv_data_to_file(); g.write_tensors_to_file(); g.close()

tokens = [int(t) for t in rng.integers(3, VOCABULARY, LENGTH)]
model = AutoModelForCausalLM.from_pretrained(OUT, gguf_file="llama-k.gguf", dtype=torch.float32, attn_implementation="eager").eval()
logits = model(torch.tensor([tokens])).logits[0].detach()
print("largest logit", logits.abs().max().item())
json.dump({"tensors": tensors, "tokens": tokens, "logits": [float(f"{x:.6g}") for x in logits.flatten().tolist()]}, open(OUT + "/llama-k/golden.json", "w"))
