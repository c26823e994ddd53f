"""Makes `generate-smollm2.json`: greedy answers of the real model, written by Hugging Face transformers.

    python make_generate_golden.py SMOLLM2.gguf ../resources/golden/generate-smollm2.json

Made with torch 2.15.0, transformers 5.23.0, gguf 0.19.0. The base is dequantised by the gguf package, and everything is
computed in float32; the prompt's tokens come from Hugging Face's own tokenizer. Beside each answer stands the smallest
lead, in logits, that a chosen token had over the next one: an answer with a narrow lead could flip by rounding alone, so
such prompts are left out.
"""
import json, sys
import numpy as np, torch
from gguf import GGUFReader
from gguf.quants import dequantize
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

MODEL, OUT = sys.argv[1:3]
LEAD_MIN = 0.001
PROMPTS = [
    [("user", "What is the capital of France?")],
    [("user", "Write a short poem about rain.")],
    [("user", "How do I return a lamp?")],
    [("system", "You answer in one short sentence."), ("user", "Why is the sky blue?")],
    [("user", "Say hi"), ("assistant", "Hi!"), ("user", "Now in French, with é and an emoji 🙂")],
    [("user", "List three fruits, one a line.")],
    [("user", "def add(a, b):")],
    [("user", "Wie heißt die Hauptstadt von Österreich?")],
]
TOKENS = 40

reader = GGUFReader(MODEL)
field = lambda name: reader.fields[name].contents()
hidden, heads, kv = (field(f"llama.{k}") for k in ("embedding_length", "attention.head_count", "attention.head_count_kv"))
config = LlamaConfig(
    vocab_size=field("llama.vocab_size"), hidden_size=hidden, intermediate_size=field("llama.feed_forward_length"),
    num_hidden_layers=field("llama.block_count"), num_attention_heads=heads, num_key_value_heads=kv,
    max_position_embeddings=field("llama.context_length"), rope_theta=field("llama.rope.freq_base"), rms_norm_eps=1e-5,
    tie_word_embeddings=True, attention_bias=False, bos_token_id=1, eos_token_id=2)
NAMES = {"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
         "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}


def unpermute(w, n):  # GGUF's interleaved order -> Hugging Face's halves
    return w.reshape(n, w.shape[0] // n // 2, 2, *w.shape[1:]).swapaxes(1, 2).reshape(w.shape)


def named(tensor):
    w = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
    if tensor.name == "token_embd.weight": return "model.embed_tokens.weight", w
    if tensor.name == "output_norm.weight": return "model.norm.weight", w
    _, layer, kind, _ = tensor.name.split(".")
    if kind == "attn_q": w = unpermute(w, heads)
    if kind == "attn_k": w = unpermute(w, kv)
    return f"model.layers.{layer}.{NAMES[kind]}.weight", w


torch.set_grad_enabled(False)
model = LlamaForCausalLM(config).float().eval()
state = {name: torch.from_numpy(np.array(w)) for name, w in map(named, reader.tensors)}
missing, unexpected = model.load_state_dict(state, strict=False)
assert not unexpected and set(missing) <= {"lm_head.weight"}, (missing, unexpected)
model.tie_weights()
tokenizer = AutoTokenizer.from_pretrained(MODEL.rsplit("/", 1)[0], gguf_file=MODEL.rsplit("/", 1)[1])
# transformers' GGUF reader drops the single-digit rule and, in some versions, the control tokens' ids: none of the prompts has digits.
template = field("tokenizer.chat_template")

cases = []
for prompt in PROMPTS:
    messages = [{"role": role, "content": content} for role, content in prompt]
    text = tokenizer.apply_chat_template(messages, chat_template=template, tokenize=False, add_generation_prompt=True)
    ids = tokenizer(text, add_special_tokens=False).input_ids
    cache, tokens, lead, feed = None, [], float("inf"), ids
    while len(tokens) < TOKENS:
        out = model(input_ids=torch.tensor([feed]), past_key_values=cache, use_cache=True)
        cache, logits = out.past_key_values, out.logits[0, -1]
        best = torch.topk(logits, 2)
        lead = min(lead, float(best.values[0] - best.values[1]))
        tokens.append(int(best.indices[0]))
        feed = tokens[-1:]
        if tokens[-1] == 2: break
    said = tokens[:-1] if tokens[-1] == 2 else tokens
    if lead < LEAD_MIN: print("left out, lead", lead, messages[-1]["content"]); continue
    cases.append({"messages": messages, "promptTokens": ids, "tokens": tokens, "text": tokenizer.decode(said), "leadMin": round(lead, 4)})
with open(OUT, "w") as f: json.dump({"tokensMax": TOKENS, "cases": cases}, f, ensure_ascii=False, indent=1); f.write("\n")
print(len(cases), "cases")
