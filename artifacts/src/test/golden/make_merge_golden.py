"""Makes merge.json: what Hugging Face PEFT's add_weighted_adapter, and numpy, make of three small adapters.

PEFT's results are get_delta_weight() of the merged adapter in float32; DARE's masks are drawn by SeededBits' formula, put in the
place of torch.bernoulli. numpy computes the exact merges in float64 with its own code, from the definitions in the papers.
Made with torch 2.15.0, peft 0.21.2, numpy 2.4.6.

    python make_merge_golden.py ../resources/golden/merge.json
"""
import json
import sys

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from peft.tuners.lora.model import LoraModel
from peft.utils import merge_utils

MASK = (1 << 64) - 1
MODULES = {"model.layers.0.mlp.down_proj": (12, 20), "model.layers.0.self_attn.q_proj": (24, 16)}
WEIGHTS = [0.7, -0.4, 1.1]
ALPHAS = [8, 3, 5]
RANKS = {"same": [4, 4, 4], "mixed": [4, 2, 3]}
DENSITY, SEED, RANK = 0.6, 7, 3


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def units(seed, name, shape):
    h = 0xCBF29CE484222325
    for c in name:
        h = ((h ^ ord(c)) * 0x100000001B3) & MASK
    k = mix(mix(seed & MASK) ^ h)
    n = int(np.prod(shape))
    return np.array([(mix((k + (i + 1) * 0x9E3779B97F4A7C15) & MASK) >> 40) / (1 << 24) for i in range(n)]).reshape(shape)


def factor(task, ranks, module, which):
    out, width = MODULES[module]
    shape = (ranks[task], width) if which == "A" else (out, ranks[task])
    return (units(100 + task, f"{module} {which}", shape) - 0.5).astype(np.float32)


class Layer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.mlp = torch.nn.Module()
        self.self_attn = torch.nn.Module()
        self.mlp.down_proj = torch.nn.Linear(20, 12, bias=False)
        self.self_attn.q_proj = torch.nn.Linear(16, 24, bias=False)


class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.model = torch.nn.Module()
        self.model.layers = torch.nn.ModuleList([Layer()])


def peft(kind, ranks, **options):
    """The merged updates by module."""
    config = lambda task: LoraConfig(r=ranks[task], lora_alpha=ALPHAS[task], target_modules=["q_proj", "down_proj"])
    model = get_peft_model(Tiny(), config(0), adapter_name="t0")
    model.add_adapter("t1", config(1))
    model.add_adapter("t2", config(2))
    layers = {name.removeprefix("base_model.model."): m for name, m in model.named_modules() if hasattr(m, "lora_A")
              and isinstance(m, torch.nn.Module) and "default" not in name and hasattr(m, "scaling")}
    with torch.no_grad():
        for path, layer in layers.items():
            for task in range(3):
                layer.lora_A[f"t{task}"].weight.copy_(torch.from_numpy(factor(task, ranks, path, "A")))
                layer.lora_B[f"t{task}"].weight.copy_(torch.from_numpy(factor(task, ranks, path, "B")))
    names = {id(layer): path for path, layer in layers.items()}
    call = {}
    merge_factors, merge_whole = LoraModel._generalized_task_arithmetic_weighted_adapter, \
        LoraModel._svd_generalized_task_arithmetic_weighted_adapter

    def bernoulli(probabilities):
        n = call["n"]
        call["n"] += 1
        name = call["path"] + ("" if call["whole"] else " A" if n < 3 else " B") + f" {n % 3}"
        return torch.from_numpy((units(SEED, name, tuple(probabilities.shape)) < DENSITY).astype(np.float32))

    def spied(method, whole, target_at):
        def run(self, *a, **k):
            call.update(n=0, whole=whole, path=names[id(a[target_at])])
            return method(self, *a, **k)
        return run

    LoraModel._generalized_task_arithmetic_weighted_adapter = spied(merge_factors, False, 3)
    LoraModel._svd_generalized_task_arithmetic_weighted_adapter = spied(merge_whole, True, 4)
    real, torch.bernoulli = torch.bernoulli, bernoulli
    try:
        with torch.no_grad():
            model.add_weighted_adapter(["t0", "t1", "t2"], WEIGHTS, "merged", kind, **options)
    finally:
        torch.bernoulli = real
        LoraModel._generalized_task_arithmetic_weighted_adapter = merge_factors
        LoraModel._svd_generalized_task_arithmetic_weighted_adapter = merge_whole
    return {path: layer.get_delta_weight("merged").detach().double().numpy() for path, layer in layers.items()}


def deltas(ranks, path):
    return [ALPHAS[t] / ranks[t] * factor(t, ranks, path, "B").astype(float) @ factor(t, ranks, path, "A").astype(float)
            for t in range(3)]


def best(matrix, rank):
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    return (u[:, :rank] * s[:rank]) @ vt[:rank]


def largest(matrix):
    order = np.argsort(-np.abs(matrix).ravel(), kind="stable")
    kept = np.zeros(matrix.size)
    chosen = order[: int(DENSITY * matrix.size)]
    kept[chosen] = matrix.ravel()[chosen]
    return kept.reshape(matrix.shape)


def dropped(matrix, path, task):
    return np.where(units(SEED, f"{path} {task}", matrix.shape) < DENSITY, matrix / DENSITY, 0)


def agree(tensors, by_count):
    votes = sum(np.sign(t) if by_count else t for t in tensors)
    sign = np.where(votes >= 0, 1.0, -1.0)
    masks = [(np.sign(t) == sign) for t in tensors]
    return sum(w * t * m for w, t, m in zip(WEIGHTS, tensors, masks)) / np.maximum(1, sum(m.astype(int) for m in masks))


def weighted(tensors):
    return sum(w * t for w, t in zip(WEIGHTS, tensors))


def nearest_orthogonal(matrix):
    p, _, qt = np.linalg.svd(matrix, full_matrices=False)
    return p @ qt


def orthogonalised(tensors, rank):
    parts = [np.linalg.svd(t, full_matrices=False) for t in tensors]
    u = nearest_orthogonal(np.concatenate([p[0][:, :rank] for p in parts], axis=1))
    v = nearest_orthogonal(np.concatenate([p[2][:rank].T for p in parts], axis=1))
    s = np.concatenate([w * p[1][:rank] for w, p in zip(WEIGHTS, parts)])
    return (u * s) @ v.T


def exact(merge):
    return {path: merge(path) for path in MODULES}


same, mixed = RANKS["same"], RANKS["mixed"]
results = {
    "peft": {
        "cat": peft("cat", mixed),
        "svd": peft("svd", mixed, svd_rank=RANK),
        "ties_svd": peft("ties_svd", mixed, svd_rank=RANK, density=DENSITY),
        "dare_linear_svd": peft("dare_linear_svd", mixed, svd_rank=RANK, density=DENSITY),
        "dare_ties_svd": peft("dare_ties_svd", mixed, svd_rank=RANK, density=DENSITY, majority_sign_method="frequency"),
        "magnitude_prune_svd": peft("magnitude_prune_svd", mixed, svd_rank=RANK, density=DENSITY),
        "linear": peft("linear", same),
        "ties": peft("ties", same, density=DENSITY),
        "ties_frequency": peft("ties", same, density=DENSITY, majority_sign_method="frequency"),
        "dare_linear": peft("dare_linear", same, density=DENSITY),
        "dare_ties": peft("dare_ties", same, density=DENSITY),
        "magnitude_prune": peft("magnitude_prune", same, density=DENSITY),
    },
    "numpy": {
        "sum": exact(lambda p: weighted(deltas(mixed, p))),
        "compressed": exact(lambda p: best(weighted(deltas(mixed, p)), RANK)),
        "ties": exact(lambda p: best(agree([largest(d) for d in deltas(mixed, p)], False), RANK)),
        "dare": exact(lambda p: best(weighted([dropped(d, p, t) for t, d in enumerate(deltas(mixed, p))]), RANK)),
        "dare_ties": exact(lambda p: best(agree([dropped(d, p, t) for t, d in enumerate(deltas(mixed, p))], True), RANK)),
        "pruned": exact(lambda p: best(weighted([largest(d) for d in deltas(mixed, p)]), RANK)),
        "orthogonalised": exact(lambda p: orthogonalised(deltas(mixed, p), 2)),
    },
}
rounded = lambda value: {k: rounded(v) for k, v in value.items()} if isinstance(value, dict) else \
    [float(f"{x:.9g}") for x in value.ravel()]
with open(sys.argv[1], "w") as out:
    json.dump(rounded(results), out, separators=(",", ":"))
