"""Makes practice.json: learning rates of transformers' schedules, and dropout masks drawn by CounterRandom's formula in numpy.

Made with numpy 2.4.6, torch 2.15.0, transformers 5.23.0.

    python make_practice_golden.py ../resources/golden/practice.json
"""
import json
import sys

import numpy as np
import torch
from transformers import get_scheduler

PHI = np.uint64(0x9E3779B97F4A7C15)


def mix(z):
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def key(seed, name):
    h = 0xCBF29CE484222325
    for c in name:
        h = ((h ^ ord(c)) * 0x100000001B3) & ((1 << 64) - 1)
    return mix(mix(np.array([seed], np.uint64)) ^ np.uint64(h))


def mask(seed, step, layer, fused, share, tokens, width):
    """One row for each token (sequence, position): 0 where dropped, else 1 / (1 - share), share in 65,536ths."""
    k = key(seed, f"dropout of step {step}, layer {layer}, {fused}")
    dropped = round(share * 65536)
    token = np.array([s * 2**20 + p for s, p in tokens], np.uint64)[:, None]
    index = token * np.uint64(width // 4) + np.arange(width // 4, dtype=np.uint64)
    bits = mix(k + (index + np.uint64(1)) * PHI)
    parts = np.stack([(bits >> np.uint64(16 * i)) & np.uint64(0xFFFF) for i in range(4)], -1)
    return np.where(parts.reshape(len(tokens), width) < dropped, 0.0, 65536 / (65536 - dropped))


def rates(name, steps, warmup):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = get_scheduler(name, optimizer, num_warmup_steps=warmup, num_training_steps=steps)
    out = []
    for _ in range(steps):
        out.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return out


if __name__ == "__main__":
    np.seterr(over="ignore")
    tokens = [(0, 0), (0, 1), (3, 17), (41, 2047)]
    golden = {
        "tokens": tokens,
        "mask": mask(42, 7, 29, "GATE_UP", 0.1, tokens, 32).tolist(),
        "rates": {n: rates(m, 20, 4) for n, m in
                  [("CONSTANT", "constant_with_warmup"), ("LINEAR", "linear"), ("COSINE", "cosine")]},
    }
    with open(sys.argv[1], "w") as out:
        json.dump(golden, out, separators=(",", ":"))
        out.write("\n")
