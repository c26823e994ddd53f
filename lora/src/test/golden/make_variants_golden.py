"""Makes variants-tiny-llama.json, twenty steps of each low-rank method on a tiny llama in float32, and
variant-gradients.json, autograd's gradients of the eighth.

What Hugging Face PEFT has is PEFT's (EVA with its decompositions taken whole instead of randomised); SoRA's gates,
DyLoRA's prefixes, ReLoRA's restarts and a mixture of experts are written here from their papers, with torch's autograd.
Weights and starts are drawn by io.adaptermill.lora.optim.CounterRandom's formula.
Losses 0 to 19 are those before each step, number 20 is that of the result.
Made with torch 2.15.0, transformers 5.23.0, peft 0.21.2.

    python make_variants_golden.py ../resources/golden/variants-tiny-llama.json ../resources/golden/variant-gradients.json
"""
import json
import math
import re
import sys

import torch
from make_peft_golden import (RANK, TARGETS, base, bits, nats, plain, sequence, symmetric)
from peft import AdaLoraConfig, EvaConfig, LoraConfig, VeraConfig, get_peft_model, initialize_lora_eva_weights
from peft.optimizers import create_loraplus_optimizer
from peft.tuners.lora import eva as eva_module
from peft.utils.incremental_pca import IncrementalPCA
from torch import nn

SEED, STEPS, RATE, DECAY, FELT_AT = 5, 20, 1e-2, 0.01, 7
COMMON = dict(target_modules=TARGETS, task_type="CAUSAL_LM")
PLAIN = dict(r=RANK, lora_alpha=2 * RANK, lora_dropout=0.0, bias="none", **COMMON)


def batch_loss(model, step):
    batch = [sequence(i) for i in ([0, 1, 2], [3, 1])[step % 2]]
    return nats(model, batch).sum() / sum(len(t) - p for t, p in batch)


def trainable(model):
    return [p for p in model.parameters() if p.requires_grad]


def adamw(model, rate=RATE):
    matrices = [p for n, p in model.named_parameters() if p.requires_grad and ("lora_A" in n or "lora_B" in n)]
    known = {id(p) for p in matrices}
    others = [p for p in trainable(model) if id(p) not in known]
    return torch.optim.AdamW([{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}],
                             lr=rate)


PARTS = {"lora_A": "lora_A", "lora_B": "lora_B", "lora_E": "gate", "vera_lambda_d": "gate", "vera_lambda_b": "output",
         "lora_magnitude_vector": "magnitude", "gate": "gate", "router": "router"}


def felt(model):
    """Each rank's gradient along a drawn direction, whatever its sign: singular vectors may come with either."""
    result = {}
    for name, p in model.named_parameters():
        if not p.requires_grad or p.grad is None:
            continue
        path, part = re.fullmatch(r"(?:base_model\.model\.)?(.*?_proj)\.(%s)(?:\..*)?" % "|".join(PARTS), name).groups()
        g = p.grad
        if part == "lora_A":
            rows = g.reshape(-1, g.shape[-1])
        elif part == "lora_B":
            rows = (g.permute(1, 0, 2).reshape(g.shape[1], -1) if g.dim() == 3 else g).T
        else:
            rows = {"gate": g.reshape(-1, 1), "router": g}.get(PARTS[part], g.reshape(1, -1))
        direction = symmetric(21, PARTS[part], (rows.shape[1],))
        result[f"{path}.{PARTS[part]}"] = [float(f"{x:.6g}") for x in (rows @ direction).abs().tolist()]
    return result


def train(model, optimizer, before=lambda step: None, penalty=lambda: 0.0, after=lambda step: None):
    losses = []
    for step in range(STEPS):
        before(step + 1)
        loss = batch_loss(model, step)
        losses.append(loss.item())
        (loss + penalty()).backward()
        if step == FELT_AT:
            train.felt = felt(model)
        torch.nn.utils.clip_grad_norm_(trainable(model), 1.0)
        optimizer.step()
        after(step + 1)
        optimizer.zero_grad()
    with torch.no_grad():
        before(None)
        losses.append(batch_loss(model, STEPS).item())
    return losses


def kaiming(seed, name, shape):
    return torch.tensor(1 / math.sqrt(shape[-1])) * symmetric(seed, name, shape)


def lora(**changes):
    model = get_peft_model(base(), LoraConfig(**{**PLAIN, **changes}))
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "lora_A" in name and "init_lora_weights" not in changes:
                p.copy_(kaiming(SEED, plain(name), tuple(p.shape)))
    return model


def rslora():
    model = lora(use_rslora=True)
    return train(model, adamw(model))


def loraplus():
    model = lora()
    return train(model, create_loraplus_optimizer(model, torch.optim.AdamW, lr=RATE / 2, loraplus_lr_ratio=4.0,
                                                  loraplus_weight_decay=DECAY))


def lorafa():
    model = lora()
    for name, p in model.named_parameters():
        if "lora_A" in name:
            p.requires_grad = False
    return train(model, adamw(model))


def patterns():
    model = lora(rank_pattern={"layers.0.self_attn.q_proj": 2, "down_proj": 6},
                 alpha_pattern={"layers.0.self_attn.q_proj": 3.0, "down_proj": 18.0})
    return train(model, adamw(model))


def pissa():
    model = lora(init_lora_weights="pissa")
    return train(model, adamw(model))


class WholePCA(IncrementalPCA):
    def __init__(self, n_components, copy, lowrank, lowrank_seed):
        super().__init__(n_components=n_components, copy=copy)


def eva():
    """The inputs of all rows that are trained: the last token of a sequence is predicted, and predicts nothing."""
    model = get_peft_model(base(), LoraConfig(**PLAIN, init_lora_weights="eva", eva_config=EvaConfig(rho=2.0)))
    rows = [sequence(i)[0][:-1] for i in (0, 1, 2)]
    longest = max(map(len, rows))
    batch = {"input_ids": torch.tensor([r + [0] * (longest - len(r)) for r in rows]),
             "attention_mask": torch.tensor([[1] * len(r) + [0] * (longest - len(r)) for r in rows])}
    eva_module.IncrementalPCA = WholePCA
    initialize_lora_eva_weights(model, [batch], show_progress_bar=False)
    ranks = {n.removeprefix("base_model.model."): m.r["default"] for n, m in model.named_modules() if hasattr(m, "r")}
    return train(model, adamw(model)), ranks


def dora():
    model = lora(use_dora=True)
    return train(model, adamw(model))


def vera():
    model = get_peft_model(base(), VeraConfig(r=RANK, vera_dropout=0.0, d_initial=0.1, **COMMON))
    a, b = model.base_model.vera_A["default"], model.base_model.vera_B["default"]
    with torch.no_grad():
        a.copy_(torch.tensor(math.sqrt(6 / a.shape[1])) * symmetric(7, "vera_A", tuple(a.shape)))
        b.copy_(torch.tensor(math.sqrt(6 / b.shape[1])) * symmetric(7, "vera_B", tuple(b.shape)))
    return train(model, adamw(model, 5e-2))


def normal(seed, name, shape, spread=0.02):
    n = math.prod(shape)
    drawn = bits(seed, name, 2 * n)
    values = [math.sqrt(-2 * math.log(((drawn[2 * i] >> 11) + 1) / 2**53))
              * math.cos(2 * math.pi * ((drawn[2 * i + 1] >> 11) / 2**53)) for i in range(n)]
    return torch.tensor([spread * v for v in values], dtype=torch.float32).reshape(shape)


def adalora():
    model = get_peft_model(base(), AdaLoraConfig(target_r=2, init_r=RANK, tinit=2, tfinal=6, deltaT=1, beta1=0.85,
                                                 beta2=0.85, orth_reg_weight=0.5, total_step=STEPS,
                                                 lora_alpha=2 * RANK, lora_dropout=0.0, **COMMON))
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "lora_A" in name or "lora_B" in name:
                p.copy_(normal(SEED, name.removeprefix("base_model.model.").replace(".default", ""), tuple(p.shape)))

    def orthogonality():
        terms = []
        for name, p in model.named_parameters():
            if "lora_A" in name or "lora_B" in name:
                gram = p @ p.T if "lora_A" in name else p.T @ p
                terms.append(torch.norm(gram - torch.eye(RANK), p="fro"))
        return 0.5 * sum(terms) / len(terms)

    return train(model, adamw(model), penalty=orthogonality, after=model.base_model.update_and_allocate)


class Gated(nn.Module):
    """A frozen linear with `s · B(g ⊙ (A x))`, and pairs that are added to it for good."""

    def __init__(self, path, linear, open_gate):
        super().__init__()
        self.path, self.linear, self.held = path, linear, []
        linear.weight.requires_grad = False
        self.lora_A = nn.Parameter(kaiming(SEED, path + ".lora_A", (RANK, linear.in_features)))
        self.lora_B = nn.Parameter(torch.zeros(linear.out_features, RANK))
        self.gate = nn.Parameter(torch.ones(RANK), requires_grad=open_gate)
        self.mask = torch.ones(RANK)

    def forward(self, x):
        y = self.linear(x) + 2.0 * (((x @ self.lora_A.T) * self.gate * self.mask) @ self.lora_B.T)
        for a, b in self.held:
            y = y + 2.0 * ((x @ a.T) @ b.T)
        return y


def gated(wrapper):
    model = base()
    for p in model.parameters():
        p.requires_grad = False
    wrapped = []
    for path, module in list(model.named_modules()):
        if path.split(".")[-1] in TARGETS:
            parent = model.get_submodule(path.rsplit(".", 1)[0])
            wrapped.append(wrapper(path, module))
            setattr(parent, path.split(".")[-1], wrapped[-1])
    return model, wrapped


def sora(strength=5.7):
    model, modules = gated(lambda path, linear: Gated(path, linear, True))

    def shrink(step):
        with torch.no_grad():
            for m in modules:
                m.gate.copy_(m.gate.sign() * (m.gate.abs() - RATE * strength).clamp(min=0))

    losses = train(model, adamw(model), after=shrink)
    return losses, sum(int((m.gate == 0).sum()) for m in modules)


def dylora():
    model, modules = gated(lambda path, linear: Gated(path, linear, False))

    def prefix(step):
        count = RANK if step is None else 1 + bits(SEED, "prefix", step + 1)[step] % RANK
        for m in modules:
            m.mask = (torch.arange(RANK) < count).float()

    return train(model, adamw(model), before=prefix)


def relora(every=8):
    model, modules = gated(lambda path, linear: Gated(path, linear, False))
    optimizer = adamw(model)

    def restart(step):
        if step % every == 0:
            with torch.no_grad():
                for m in modules:
                    m.held.append((m.lora_A.clone(), m.lora_B.clone()))
                    m.lora_A.copy_(kaiming(SEED + step, m.path + ".lora_A", tuple(m.lora_A.shape)))
                    m.lora_B.zero_()
            optimizer.state.clear()

    return train(model, optimizer, after=restart)


class Mixture(nn.Module):
    """A frozen linear and experts `s · B_e(A_e x)`, of which the best few by a router's scores count for a token."""

    def __init__(self, path, linear, experts, top_k):
        super().__init__()
        self.linear, self.top_k = linear, top_k
        linear.weight.requires_grad = False
        inner = linear.in_features
        self.lora_A = nn.Parameter(kaiming(SEED, path + ".lora_A", (experts * RANK, inner)).view(experts, RANK, inner))
        self.lora_B = nn.Parameter(torch.zeros(experts, linear.out_features, RANK))
        self.router = nn.Parameter(normal(SEED, path + ".router", (experts, inner), math.sqrt(0.1 / inner)))

    def forward(self, x):
        self.scores = x @ self.router.T
        best, chosen = self.scores.topk(self.top_k)
        self.shares = torch.zeros_like(self.scores).scatter(-1, chosen, best.softmax(-1))
        each = torch.einsum("btei,eoi->bteo", torch.einsum("btd,eid->btei", x, self.lora_A), self.lora_B)
        return self.linear(x) + 2.0 * (self.shares[..., None] * each).sum(-2)

    def balance(self, rows):
        shares, probabilities = self.shares[rows], self.scores[rows].softmax(-1)
        busy = (shares > 0).float().mean(0) / self.top_k
        return len(busy) * (busy * probabilities.mean(0)).sum()


def mixture(experts=4, top_k=2, weight=0.5):
    model, modules = gated(lambda path, linear: Mixture(path, linear, experts, top_k))
    rows = {}

    def before(step):
        lengths = [len(sequence(i)[0]) - 1 for i in ([0, 1, 2], [3, 1])[((step or STEPS + 1) - 1) % 2]]
        rows["used"] = torch.arange(max(lengths) + 1)[None] < torch.tensor(lengths)[:, None]

    return train(model, adamw(model), before=before,
                 penalty=lambda: weight * sum(m.balance(rows["used"]) for m in modules) / len(modules))


def fall(target=1, cuts=2, final_share=0.5):
    """Ranks that fall by the same factor at each cut, each update cut to its best approximation, and Adam anew."""
    model, modules = gated(lambda path, linear: Gated(path, linear, False))
    optimizer = adamw(model)
    at = {max(1, round((1 - final_share) * STEPS * j / cuts)): j for j in range(1, cuts + 1)}

    def cut(step):
        if step not in at:
            return
        rank = max(target, round(RANK * (target / RANK) ** (at[step] / cuts)))
        with torch.no_grad():
            for m in modules:
                u, s, vt = torch.linalg.svd((m.lora_B @ m.lora_A).double(), full_matrices=False)
                m.lora_A.zero_()[:rank] = s[:rank, None].sqrt() * vt[:rank]
                m.lora_B.zero_()[:, :rank] = u[:, :rank] * s[:rank].sqrt()
        optimizer.state.clear()

    return train(model, optimizer, after=cut)


def importance():
    model = base()
    linears = {n.removesuffix(".weight"): p for n, p in model.named_parameters() if n.split(".")[-2] in TARGETS}
    sums = {kind: dict.fromkeys(linears, 0.0) for kind in ("gradientNorm", "fisher", "sensitivity")}
    for i in range(4):
        model.zero_grad()
        nats(model, [sequence(i)]).sum().backward()
        for path, p in linears.items():
            sums["gradientNorm"][path] += p.grad.norm().item() / 4
            sums["fisher"][path] += (p.grad**2).sum().item() / 4
            sums["sensitivity"][path] += (p.grad * p).abs().sum().item() / 4
    return sums


if __name__ == "__main__":
    torch.manual_seed(0)
    runs = [rslora, loraplus, lorafa, patterns, vera, adalora, dylora, sora, pissa, relora, dora, eva, mixture, fall]
    losses, gradients, besides = {}, {}, {}
    for run in runs:
        made = run()
        losses[run.__name__], besides[run.__name__] = made if isinstance(made, tuple) else (made, None)
        gradients[run.__name__] = train.felt
    with open(sys.argv[1], "w") as out:
        json.dump({"losses": {k: [float(f"{x:.8g}") for x in v] for k, v in losses.items()},
                   "soraShut": besides["sora"], "evaRanks": besides["eva"], "importance": importance()}, out, indent=1)
        out.write("\n")
    with open(sys.argv[2], "w") as out:
        json.dump(gradients, out, separators=(",", ":"))
        out.write("\n")
