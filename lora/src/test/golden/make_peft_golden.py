"""Makes peft-tiny-llama.json: losses, gradients and weights of Hugging Face PEFT on a tiny llama, in float32.

Weights, adapter and tokens are drawn by io.adaptermill.lora.optim.CounterRandom's formula, so the file holds results only.
Made with torch 2.15.0, transformers 5.23.0, peft 0.21.2 (the preference losses are TRL 1.16.0's formulas).

    python make_peft_golden.py ../resources/golden/peft-tiny-llama.json
"""
import json
import sys

import torch
import torch.nn.functional as F
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

MASK = (1 << 64) - 1
VOCABULARY, LAYERS, HIDDEN, INTERMEDIATE, HEADS, HEADS_KV, HEAD_DIM, RANK = 150, 2, 32, 48, 4, 2, 32, 4
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
LENGTHS = [(20, 8), (13, 5), (7, 3), (18, 9)]  # tokens, of which prompt


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def key(seed, name):
    h = 0xCBF29CE484222325
    for c in name:
        h = ((h ^ ord(c)) * 0x100000001B3) & MASK
    return mix(mix(seed & MASK) ^ h)


def bits(seed, name, n):
    k = key(seed, name)
    return [mix((k + (i + 1) * 0x9E3779B97F4A7C15) & MASK) for i in range(n)]


def symmetric(seed, name, shape):
    n = 1
    for s in shape:
        n *= s
    values = [((b >> 40) - (1 << 23)) / (1 << 23) for b in bits(seed, name, n)]
    return torch.tensor(values, dtype=torch.float32).reshape(shape)


def base():
    config = LlamaConfig(vocab_size=VOCABULARY, hidden_size=HIDDEN, intermediate_size=INTERMEDIATE,
                         num_hidden_layers=LAYERS, num_attention_heads=HEADS, num_key_value_heads=HEADS_KV,
                         head_dim=HEAD_DIM, rope_theta=10000.0, rms_norm_eps=1e-5, tie_word_embeddings=True,
                         max_position_embeddings=256, attention_bias=False, mlp_bias=False)
    config._attn_implementation = "eager"
    model = LlamaForCausalLM(config).float()
    with torch.no_grad():
        for name, p in model.named_parameters():
            r = symmetric(1, name, tuple(p.shape))
            p.copy_(1 + torch.tensor(0.1) * r if "norm" in name else torch.tensor(0.3) * r)
    return model


PLAIN = LoraConfig(r=RANK, lora_alpha=2 * RANK, target_modules=TARGETS, lora_dropout=0.0, bias="none",
                   task_type="CAUSAL_LM")


def adapter(model, seed):
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "lora_" in name:
                p.copy_(torch.tensor(0.2) * symmetric(seed, plain(name), tuple(p.shape)))


def adapted(seed=2):
    model = get_peft_model(base(), PLAIN)
    adapter(model, seed)
    return model


def plain(name):
    return name.removeprefix("base_model.model.").replace(".default.weight", "")


def sequence(i):
    n, prompt = LENGTHS[i]
    return [b % VOCABULARY for b in bits(3, f"tokens {i}", n)], prompt


def nats(model, sequences):
    """Negative log-likelihood of each response, right-padded and masked as Hugging Face does it."""
    longest = max(len(t) for t, _ in sequences)
    ids = torch.tensor([t + [0] * (longest - len(t)) for t, _ in sequences])
    mask = torch.tensor([[1] * len(t) + [0] * (longest - len(t)) for t, _ in sequences])
    logits = model(input_ids=ids, attention_mask=mask).logits
    logp = torch.gather(F.log_softmax(logits[:, :-1], -1), 2, ids[:, 1:, None]).squeeze(-1)
    labels = torch.tensor([[0.0] * (p - 1) + [1.0] * (len(t) - p) + [0.0] * (longest - len(t)) for t, p in sequences])
    return -(logp * labels).sum(-1)


def gradients(model):
    return {plain(n): p.grad.flatten().tolist() for n, p in model.named_parameters() if p.requires_grad}


def weights(model):
    return {plain(n): p.detach().flatten().tolist() for n, p in model.named_parameters() if p.requires_grad}


def sft():
    model = adapted()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-2, weight_decay=0.01)
    losses, first = [], None
    for step in range(5):
        batch = [sequence(i) for i in ([0, 1, 2], [3, 1])[step % 2]]
        loss = nats(model, batch).sum() / sum(len(t) - p for t, p in batch)
        loss.backward()
        first = first or gradients(model)
        torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return {"losses": losses, "gradient": first, "weights": weights(model)}


def dpo():
    model, beta = adapted(), 0.1
    pair = [sequence(0), (sequence(0)[0][:8] + sequence(3)[0][9:], 8)]
    with torch.no_grad(), model.disable_adapter():
        reference = -nats(model, pair)
    policy = -nats(model, pair)
    loss = -F.logsigmoid(beta * ((policy[0] - policy[1]) - (reference[0] - reference[1])))
    loss.backward()
    return {"loss": loss.item(), "policy": (-policy).tolist(), "reference": (-reference).tolist(),
            "gradient": gradients(model)}


def kto():
    model, beta = adapted(8), 0.1  # a seed with a divergence above 0
    rated, good = [sequence(0), sequence(1), sequence(2)], [True, False, True]
    crossed = [(rated[i][0][: rated[i][1]] + rated[i - 1][0][rated[i - 1][1]:], rated[i][1]) for i in range(3)]
    with torch.no_grad():
        divergence = -nats(model, crossed)
        with model.disable_adapter():
            divergence = (divergence + nats(model, crossed)).mean().clamp(min=0)
            reference = -nats(model, rated)
    policy = -nats(model, rated)
    ratio = policy - reference
    losses = torch.stack([1 - F.sigmoid(beta * (r - divergence)) if g else 1 - F.sigmoid(beta * (divergence - r))
                          for r, g in zip(ratio, good)])
    losses.mean().backward()
    return {"loss": losses.mean().item(), "divergence": divergence.item(), "gradient": gradients(model)}


if __name__ == "__main__":
    torch.manual_seed(0)
    with open(sys.argv[1], "w") as out:
        def short(x):
            if isinstance(x, float):
                return float(f"{x:.8g}")
            if isinstance(x, list):
                return [short(v) for v in x]
            return {k: short(v) for k, v in x.items()} if isinstance(x, dict) else x
        json.dump(short({"sft": sft(), "dpo": dpo(), "kto": kto()}), out, separators=(",", ":"))
        out.write("\n")
