"""Makes trl-losses.json: preference losses and their derivatives by autograd, alone in double and on the tiny llama in float32.

ORPO's odds ratio is TRL's own function; conservative DPO and APO-zero are TRL's formulas (AOT's smoothed term with
one pair, and `apo_zero_unpaired`). The SFT part of ORPO counts the response only, as every loss here does.
Made with torch 2.15.0, transformers 5.23.0, peft 0.21.2, trl 1.16.0.

    python make_losses_golden.py ../resources/golden/trl-losses.json
"""
import json
import sys
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from trl.experimental.orpo import ORPOTrainer

from make_peft_golden import adapted, bits, gradients, nats, sequence


def dpo(beta, epsilon, policy, reference):
    delta = (policy[0] - reference[0]) - (policy[1] - reference[1])
    return -F.logsigmoid(beta * delta) * (1 - epsilon) - F.logsigmoid(-beta * delta) * epsilon


def apo_zero(beta, good, policy, reference):
    ratio = policy - reference
    return 1 - F.sigmoid(beta * ratio) if good else F.sigmoid(beta * ratio)


def orpo(weight, policy, tokens):
    """TRL narrows to float32 by calling float(); in double the comparison is sharper."""
    trainer = SimpleNamespace(beta=weight, accelerator=SimpleNamespace(device="cpu"))
    means = policy / torch.tensor(tokens, dtype=policy.dtype)
    patched = torch.Tensor.float
    torch.Tensor.float = lambda t: t
    try:
        return -ORPOTrainer.odds_ratio_loss(trainer, means[0], means[1])[0]
    finally:
        torch.Tensor.float = patched


def number(i, low, high):
    return low + (high - low) * (bits(7, "losses", i + 1)[i] >> 11) / (1 << 53)


def pairs():
    rows = []
    for i in range(12):
        values = [number(10 * i + j, 0.5, 60) for j in range(4)]
        policy = torch.tensor([-values[0], -values[1]], dtype=torch.float64, requires_grad=True)
        reference = torch.tensor([-values[2], -values[3]], dtype=torch.float64)
        beta, epsilon, weight = number(10 * i + 4, 0.01, 1), number(10 * i + 5, 0, 0.45), number(10 * i + 6, 0.05, 1)
        tokens = [1 + int(number(10 * i + 7, 0, 30)), 1 + int(number(10 * i + 8, 0, 30))]
        row = {"nats": values, "tokens": tokens, "beta": beta, "epsilon": epsilon, "weight": weight}
        for name, loss in [("dpo", dpo(beta, epsilon, policy, reference)), ("orpo", orpo(weight, policy, tokens))]:
            policy.grad = None
            loss.backward()
            row[name] = [loss.item()] + (-policy.grad).tolist()
        for good in (True, False):
            policy.grad = None
            loss = apo_zero(beta, good, policy[0], reference[0])
            loss.backward()
            row["apo_good" if good else "apo_bad"] = [loss.item(), -policy.grad[0].item()]
        rows.append(row)
    return rows


def pair():
    return [sequence(0), (sequence(0)[0][:8] + sequence(3)[0][9:], 8)]


def step(loss_of, seed=2):
    model = adapted(seed)
    loss = loss_of(model)
    loss.backward()
    return {"loss": loss.item(), "gradient": gradients(model)}


def smoothed_step(model):
    with torch.no_grad(), model.disable_adapter():
        reference = -nats(model, pair())
    return dpo(0.1, 0.2, -nats(model, pair()), reference)


def orpo_step(model):
    policy = -nats(model, pair())
    tokens = [len(t) - p for t, p in pair()]
    return -policy[0] / tokens[0] + orpo(0.3, policy, tokens)


def apo_step(model):
    rated, good = [sequence(0), sequence(1), sequence(2)], [True, False, True]
    with torch.no_grad(), model.disable_adapter():
        reference = -nats(model, rated)
    policy = -nats(model, rated)
    return torch.stack([apo_zero(0.1, g, p, r) for g, p, r in zip(good, policy, reference)]).mean()


def short(x):
    if isinstance(x, float):
        return float(f"{x:.8g}")
    if isinstance(x, list):
        return [short(v) for v in x]
    return {k: short(v) for k, v in x.items()} if isinstance(x, dict) else x


if __name__ == "__main__":
    torch.manual_seed(0)
    with open(sys.argv[1], "w") as out:
        steps = {"dpo_smoothed": step(smoothed_step), "orpo": step(orpo_step), "apo_zero": step(apo_step, 8)}
        json.dump({"pairs": pairs()} | short(steps), out, separators=(",", ":"))
        out.write("\n")
