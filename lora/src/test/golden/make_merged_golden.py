"""Makes merged-base.json: TinyLlama with an adapter merged into its weights by Hugging Face PEFT, and blocks by gguf.

The model and the adapter are drawn as in make_peft_golden.py. For three modules it holds the merged weight in float32, and
sha256 of the bytes that gguf's quantiser makes of drawn numbers, and of the adapter file that gguf's writer makes, for a base
of the llama and of the qwen2 architecture; and the logits of sequence 0 after merge_and_unload. The same for DoRA, with the tensors of PEFT's folder.
Made with torch 2.15.0, transformers 5.23.0, peft 0.21.2, gguf 0.19.0.

    python make_merged_golden.py ../resources/golden/merged-base.json
"""
import hashlib
import json
import sys
import tempfile
from dataclasses import replace

import numpy as np
import torch
from gguf import GGMLQuantizationType as Q, GGUFWriter, MODEL_ARCH, get_tensor_name_map
from gguf.quants import quantize

from make_peft_golden import HEAD_DIM, LAYERS, PLAIN, adapted, adapter, base, sequence, symmetric
from peft import get_peft_model
from safetensors import safe_open

MODULES = ["model.layers.0.self_attn.q_proj", "model.layers.1.mlp.down_proj", "model.layers.1.self_attn.v_proj"]


def blocks(kind):
    numbers = symmetric(5, "weights", (12, 192)).numpy().copy()
    numbers[3, 32:64] = 0
    numbers[4, :] *= 1e-3
    return hashlib.sha256(quantize(np.ascontiguousarray(numbers), kind).tobytes()).hexdigest()


def adapter_file(architecture):
    names = get_tensor_name_map(MODEL_ARCH.LLAMA, LAYERS)
    factors = {k: v.detach().numpy() for k, v in adapted(2).named_parameters() if "lora_" in k}
    modules = sorted({k.removeprefix("base_model.model.").split(".lora_")[0] for k in factors})
    with tempfile.NamedTemporaryFile(suffix=".gguf") as file:
        writer = GGUFWriter(file.name, architecture)
        writer.add_type("adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", 8.0)
        for module in modules:
            a, b = (factors[f"base_model.model.{module}.lora_{x}.default.weight"] for x in "AB")
            if architecture == "llama" and module.endswith(("q_proj", "k_proj")):
                heads = b.shape[0] // HEAD_DIM
                b = np.ascontiguousarray(b.reshape(heads, 2, HEAD_DIM // 2, -1).swapaxes(1, 2).reshape(b.shape))
            name = names.get_name(module + ".weight", try_suffixes=(".weight",))
            writer.add_tensor(name + ".lora_a", a)
            writer.add_tensor(name + ".lora_b", b)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return hashlib.sha256(open(file.name, "rb").read()).hexdigest()


def rounded(tensor):
    return [float(f"{x:.9g}") for x in tensor.detach().double().ravel().tolist()]


def merged(model):
    """The weights of three modules and the logits of sequence 0 after merge_and_unload."""
    model = model.merge_and_unload()
    tokens, prompt = sequence(0)
    with torch.no_grad():
        logits = model(torch.tensor([tokens])).logits[0, prompt - 1:-1]
    return {"weights": {m: rounded(model.get_submodule(m).weight) for m in MODULES}, "logits": rounded(logits)}


def dora():
    """Rows a few percent longer than the base's, and how PEFT names and shapes all of it in a folder."""
    model = get_peft_model(base(), replace(PLAIN, use_dora=True))
    lengths = {name: p.clone() for name, p in model.named_parameters() if "magnitude" in name}
    adapter(model, 2)
    with torch.no_grad():
        for name, p in model.named_parameters():
            if name in lengths:
                p.copy_(lengths[name] * (1 + 0.1 * (torch.arange(p.shape[0]) % 7)))
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        with safe_open(folder + "/adapter_model.safetensors", "pt") as file:
            tensors = {k: list(file.get_slice(k).get_shape()) for k in sorted(file.keys())}
    return {"tensors": tensors, **merged(model)}


def main():
    json.dump({**merged(adapted(2)), "dora": dora(),
               "adapters": {kind: adapter_file(kind) for kind in ("llama", "qwen2")},
               "blocks": {kind.name: blocks(kind) for kind in (Q.Q4_0, Q.Q4_1, Q.Q8_0)}},
              open(sys.argv[1], "w"), separators=(",", ":"))


main()
