"""Makes exchange/: adapters as Hugging Face PEFT itself saves them, and exchange.json: the update of each module.

Three folders: ranks and scales that differ by module; rank-stabilised scale in bfloat16; a plain one in float16.
Made with torch 2.15.0, peft 0.21.2.

    python make_exchange_golden.py ../resources/golden
"""
import json
import pathlib
import shutil
import sys

import torch
from peft import LoraConfig, get_peft_model


class Layer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.mlp = torch.nn.Module()
        self.self_attn = torch.nn.Module()
        self.mlp.down_proj = torch.nn.Linear(10, 6, bias=False)
        self.self_attn.q_proj = torch.nn.Linear(8, 12, bias=False)


class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.model = torch.nn.Module()
        self.model.layers = torch.nn.ModuleList([Layer(), Layer()])


FOLDERS = {
    "patterns": (dict(r=4, lora_alpha=6, rank_pattern={"model.layers.1.self_attn.q_proj": 2, "down_proj": 3},
                      alpha_pattern={"down_proj": 9}), torch.float32),
    "rank-stabilised": (dict(r=4, lora_alpha=6, use_rslora=True), torch.bfloat16),
    "plain": (dict(r=2, lora_alpha=4), torch.float16),
}
out = pathlib.Path(sys.argv[1])
updates = {}
torch.manual_seed(11)
for name, (options, dtype) in FOLDERS.items():
    model = get_peft_model(Tiny(), LoraConfig(target_modules=["q_proj", "down_proj"],
                                              **options))
    with torch.no_grad():
        for key, p in model.named_parameters():
            if "lora_" in key:
                p.data = (torch.rand(p.shape) - 0.5).to(dtype)
    folder = out / "exchange" / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    updates[name] = {key.removeprefix("base_model.model."): [float(f"{x:.9g}") for x in
                     (layer.scaling["default"] * layer.lora_B["default"].weight.double()
                      @ layer.lora_A["default"].weight.double()).ravel().tolist()]
                     for key, layer in model.named_modules() if hasattr(layer, "scaling")}
(out / "exchange.json").write_text(json.dumps(updates, separators=(",", ":")))
