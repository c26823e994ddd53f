"""Makes storage.json: the codes, maxima and numbers of bitsandbytes for the base's other storages.

    python make_storage_golden.py ../resources/golden

Made with torch 2.15.0, bitsandbytes 0.50.2. Reads the weights that make_golden.py wrote (nf4-*.bf16) and adds one whose
values lie on FP4's midpoints and around zero. Portable kernels, as in make_golden.py; 8 bits as Int8Params does it.
"""
import hashlib, json, sys
import numpy as np, torch
import bitsandbytes.functional as bnb

OUT = sys.argv[1]
sha = lambda t: hashlib.sha256(t.contiguous().numpy().tobytes()).hexdigest()
portable = lambda op, *args: getattr(torch.ops.bitsandbytes, op).default._op_dk(torch._C.DispatchKey.CompositeExplicitAutograd, *args)
numbers = lambda t: {"f32": sha(t.float()), "bf16": sha(t.to(torch.bfloat16).view(torch.int16))}


def four_bits(v, kind, doubled):
    codes, maxima = portable("quantize_4bit", v, 64, kind, torch.uint8)
    out = {"codes": sha(codes)}
    if doubled:
        code8, offset = bnb.create_dynamic_map(), maxima.mean()
        absmax, scales = portable("quantize_blockwise", maxima - offset, code8, 256)
        maxima = portable("dequantize_blockwise", absmax, scales, code8, 256, torch.float32) + offset
        out |= {"maxima": sha(absmax), "scales": sha(scales), "offset": float(offset)}
    else:
        out |= {"maxima": sha(maxima)}
    return out | numbers(portable("dequantize_4bit", codes, maxima, 64, kind, list(v.shape), torch.float32))


def eight_bits(v):
    codes, maxima, _ = portable("int8_vectorwise_quant", v.to(torch.float16), 0.0)
    return {"codes": sha(codes), "maxima": sha(maxima)} | numbers(portable("int8_vectorwise_dequant", codes, maxima))


edges = [0, 1e-3, 1e-4, 0.03125, 0.0625, 0.5, 1, 1.03125, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12]
edges = np.array([(edges[i % 19]) * (-1) ** (i // 19) for i in range(128)], dtype=np.float32).reshape(2, 64)
torch.from_numpy(edges).to(torch.bfloat16).view(torch.int16).numpy().tofile(OUT + "/fp4-edges.bf16")
cases = [(c["file"], c["rows"], c["columns"]) for c in json.load(open(OUT + "/nf4.json"))["cases"]] + [("fp4-edges.bf16", 2, 64)]
golden = []
for file, rows, columns in cases:
    v = torch.from_numpy(np.fromfile(f"{OUT}/{file}", dtype=np.int16).copy()).view(torch.bfloat16).reshape(rows, columns)
    kept = {"nf4": four_bits(v, "nf4", False), "fp4": four_bits(v, "fp4", False), "fp4+dq": four_bits(v, "fp4", True), "nf4+dq": four_bits(v, "nf4", True)}
    if v.abs().max() > 0: kept["int8"] = eight_bits(v)
    golden.append({"file": file, "rows": rows, "columns": columns, "storages": kept})
json.dump({"cases": golden}, open(OUT + "/storage.json", "w"), indent=1)
