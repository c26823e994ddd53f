"""Writes the adapter of AdapterExamples with the reference safetensors library: our bytes must be the same.

    python make_golden.py ../resources/golden        (made with safetensors 0.8.0, numpy 2.4.6)
"""
import sys
import numpy as np
from safetensors.numpy import save_file

RANK, SHAPES = 2, {"model.layers.0.self_attn.q_proj": (8, 8), "model.layers.0.mlp.down_proj": (8, 12)}
values = lambda rows, columns, shift: ((np.arange(rows * columns) * 7 + shift) % 97 - 48).reshape(rows, columns).astype(np.float32) / 64
tensors = {}
for shift, path in enumerate(sorted(SHAPES)):
    out, width = SHAPES[path]
    tensors[f"base_model.model.{path}.lora_A.weight"] = values(RANK, width, shift)
    tensors[f"base_model.model.{path}.lora_B.weight"] = values(out, RANK, shift + 11)
save_file(tensors, sys.argv[1] + "/adapter_model.safetensors", metadata={"format": "pt"})
