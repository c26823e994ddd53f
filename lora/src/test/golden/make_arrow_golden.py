"""Makes arrow.json: what Hugging Face PEFT's Arrow layer makes of drawn tokens, with three drawn adapters of one module.

Holds each token's update, `[tokens, out]`, for top-2 of 3 at temperature 0.7. Adapters have one strong direction, so that PEFT's
15 power iterations have converged. Numbers are drawn as in make_peft_golden.py.
Made with torch 2.15.0, peft 0.21.2.

    python make_arrow_golden.py ../resources/golden/arrow.json
"""
import json
import sys

import torch
from peft.tuners.lora.arrow import ArrowLoraLinearLayer
from peft.tuners.lora.config import ArrowConfig

from make_peft_golden import symmetric

IN, OUT, RANK, TOKENS = 10, 12, 3, 6
SCALES = [2.0, 1.0, 0.5]


def linear(seed, name, shape):
    layer = torch.nn.Linear(shape[1], shape[0], bias=False)
    weight = symmetric(seed, name, shape)
    if name == "B":
        weight[:, 0] *= 4
    layer.weight = torch.nn.Parameter(weight, requires_grad=False)
    return layer


names = ["t0", "t1", "t2"]
a = torch.nn.ModuleDict({n: linear(i, "A", (RANK, IN)) for i, n in enumerate(names)})
b = torch.nn.ModuleDict({n: linear(i, "B", (OUT, RANK)) for i, n in enumerate(names)})
config = ArrowConfig(top_k=2, router_temperature=0.7, rng_seed=1)
config.task_adapter_names, config.gks_adapter_names = names, []
layer = ArrowLoraLinearLayer(IN, config)
layer.build_prototypes(a, b)
tokens = symmetric(9, "tokens", (1, TOKENS, IN))
delta = layer(tokens, a, b, torch.nn.Identity(), dict(zip(names, SCALES)))
json.dump({"delta": [float(f"{x:.8g}") for x in delta.flatten().tolist()]}, open(sys.argv[1], "w"), separators=(",", ":"))
