"""Makes privacy.json: privacy spent, and a step's clipped gradients on the tiny llama.

Epsilon of runs by dp-accounting and by Opacus, two independent accountants, at the whole orders 2 to 256; the
gradients are one backward an example through Hugging Face PEFT, clipped by torch, summed. Made with dp-accounting
0.6.0, opacus 1.6.0, torch 2.15.0, transformers 5.23.0, peft 0.21.2.

    python make_privacy_golden.py accountants > accountants.json
    python make_privacy_golden.py gradients > gradients.json
    python make_privacy_golden.py join accountants.json gradients.json > ../resources/golden/privacy.json
"""
import json
import sys

ORDERS = list(range(2, 257))
# Each run: noise multiplier, sample rate, steps.
LINEAGES = [
    [(1.0, 1 / 6, 12)],
    [(1.0, 1 / 6, 12)] * 10,
    [(0.6, 8 / 48, 12), (1.5, 8 / 20, 6), (1.0, 1.0, 4)],
    [(4.0, 1.0, 100)],
    [(1.1, 0.01, 10_000)],
    [(0.3, 0.5, 1)],
    [(20.0, 0.001, 1)],
]
DELTAS = [1e-5, 1e-7, 0.01]


def opacus_analysis():
    """The one module of Opacus that counts; the package around it would want torch."""
    import importlib.metadata
    import importlib.util

    path = importlib.metadata.distribution("opacus").locate_file("opacus/accountants/analysis/rdp.py")
    spec = importlib.util.spec_from_file_location("opacus_rdp", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def accountants():
    import dp_accounting
    from dp_accounting import rdp
    opacus = opacus_analysis()
    out = []
    for lineage in LINEAGES:
        for delta in DELTAS:
            accountant = rdp.RdpAccountant(ORDERS)
            for sigma, rate, steps in lineage:
                event = dp_accounting.GaussianDpEvent(sigma)
                if rate < 1:
                    event = dp_accounting.PoissonSampledDpEvent(rate, event)
                accountant.compose(event, steps)
            total = sum(opacus.compute_rdp(q=q, noise_multiplier=s, steps=n, orders=ORDERS) for s, q, n in lineage)
            other, _ = opacus.get_privacy_spent(orders=ORDERS, rdp=total, delta=delta)
            fine = rdp.RdpAccountant()
            for sigma, rate, steps in lineage:
                event = dp_accounting.GaussianDpEvent(sigma)
                fine.compose(dp_accounting.PoissonSampledDpEvent(rate, event) if rate < 1 else event, steps)
            out.append({"lineage": lineage, "delta": delta, "dp_accounting": float(accountant.get_epsilon(delta)),
                        "opacus": float(other), "with_fractions": float(fine.get_epsilon(delta))})
    return out


def gradients():
    import torch
    import torch.nn.functional as F
    from make_peft_golden import adapted, nats, plain, sequence

    model = adapted()
    parameters = {plain(n): p for n, p in model.named_parameters() if p.requires_grad}
    pair = [sequence(0), (sequence(0)[0][:8] + sequence(3)[0][9:], 8)]
    with torch.no_grad(), model.disable_adapter():
        reference = -nats(model, pair)
        rated_reference = -nats(model, [sequence(2)])

    def demonstration(i):
        tokens, prompt = sequence(i)
        return nats(model, [(tokens, prompt)]).sum() / (len(tokens) - prompt)

    def preference():
        policy = -nats(model, pair)
        return -F.logsigmoid(0.1 * ((policy[0] - policy[1]) - (reference[0] - reference[1])))

    def rating():
        ratio = -nats(model, [sequence(2)]) - rated_reference
        return (1 - F.sigmoid(0.1 * ratio)).sum()

    losses = [lambda: demonstration(0), lambda: demonstration(1), preference, rating]
    norms, clip = [], 0.5
    total = {n: torch.zeros_like(p) for n, p in parameters.items()}
    for loss in losses:
        grads = torch.autograd.grad(loss(), list(parameters.values()))
        norm = torch.sqrt(sum((g.double() ** 2).sum() for g in grads)).item()
        norms.append(norm)
        for name, g in zip(parameters, grads):
            total[name] += g * min(1.0, clip / norm)
    return {"clip": clip, "norms": norms,
            "sum": {n: [float(f"{x:.7g}") for x in g.flatten().tolist()] for n, g in total.items()}}


if __name__ == "__main__":
    if sys.argv[1] == "join":
        result = {"spent": json.load(open(sys.argv[2])), "step": json.load(open(sys.argv[3]))}
    else:
        result = accountants() if sys.argv[1] == "accountants" else gradients()
    json.dump(result, sys.stdout, separators=(",", ":"))
    print()
