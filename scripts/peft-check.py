#!/usr/bin/env python3
"""Does Hugging Face PEFT compute the same with an adapter as Adaptermill does?

    scripts/peft-check.py MODEL ARTIFACT [--text FILE] [--bar 0.02] [--json FILE]

MODEL is the GGUF file or the Hugging Face folder that the adapter was trained on, ARTIFACT its folder in the store
(`<store>/sha256/<hex>`). The base is dequantised here, by other people's code and this file, never by ours: the GGUF's
blocks by the `gguf` package, a folder's linears to NF4 with double quantisation and back by numpy. Both sides compute in
float32. Exit code 0: all next-token logits agree within the bar; 1: they do not; 2: the check could not run.
"""
import argparse, importlib.metadata, json, os, pathlib, re, shutil, subprocess, sys, tempfile

PACKAGES = {"torch": "2.15.0", "transformers": "5.23.0", "peft": "0.21.2", "gguf": "0.19.0", "safetensors": "0.8.0", "numpy": "2.4.6"}
ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "adaptermill" / "peft-check-venv"
TEXTS = ["The quick brown fox jumps over the lazy dog, and then it asks: why 1234 times?",
         "<p>Dear customer,\n\nthank you for writing to us. Your order 77 will arrive on Monday.</p>",
         "def add(a, b):\n    return a + b\n\n日本語 🙂 naïve café"]


def main():
    arguments = parse()
    use_packages(arguments)
    with tempfile.TemporaryDirectory(prefix="peft-check-") as folder:
        ours = our_logits(arguments, pathlib.Path(folder))
        report = compare(arguments, ours, pathlib.Path(folder))
    print(json.dumps(report, indent=1))
    if arguments.json: pathlib.Path(arguments.json).write_text(json.dumps(report, indent=1) + "\n")
    sys.exit(0 if report["passed"] else 1)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("model"), parser.add_argument("artifact")
    parser.add_argument("--text", help="a file whose text is checked too")
    parser.add_argument("--bar", type=float, default=2e-2, help="largest tolerated absolute difference of a logit (default 0.02)")
    parser.add_argument("--json", help="write the report to this file")
    parser.add_argument("--no-install", action="store_true", help="fail instead of installing the Python packages")
    arguments = parser.parse_args()
    for path in (arguments.model, arguments.artifact):
        if not os.path.exists(path): give_up(f"{path} does not exist; see --help")
    return arguments


def give_up(message):
    print(f"peft-check: {message}", file=sys.stderr)
    sys.exit(2)


def use_packages(arguments):
    """Goes on if the packages are here, else in a virtual environment of its own."""
    missing = [f"{name}=={version}" for name, version in PACKAGES.items() if installed(name) != version]
    if not missing: return
    line = "pip install " + " ".join(f"{n}=={v}" for n, v in PACKAGES.items())
    if arguments.no_install or pathlib.Path(sys.prefix).resolve() == VENV.resolve():
        give_up(f"missing or of another version: {' '.join(missing)}; run: {line}")
    python = VENV / "bin" / "python"
    print(f"peft-check: {'using' if python.exists() else 'making'} {VENV}; there: {line}", file=sys.stderr)
    if not python.exists(): subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    if subprocess.run([python, "-m", "pip", "install", "-q", *line.split()[2:]]).returncode: give_up("pip could not install the packages")
    os.execv(python, [str(python), __file__, *sys.argv[1:]])


def installed(name):
    try: return importlib.metadata.version(name).split("+")[0]
    except importlib.metadata.PackageNotFoundError: return None


def our_logits(arguments, folder):
    """Runs LogitDump on the compiled project."""
    import numpy as np
    texts = TEXTS + ([pathlib.Path(arguments.text).read_text()[:4000]] if arguments.text else [])
    (folder / "texts.json").write_text(json.dumps(texts))
    home = java_home()
    command = [f"{home}/bin/java", "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp", classpath(home),
               "io.adaptermill.lora.bench.LogitDump", arguments.model, arguments.artifact, folder / "texts.json", folder / "out"]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode: give_up("our side failed:\n" + run.stderr[-3000:])
    tokens = json.loads((folder / "out" / "tokens.json").read_text())["tokens"]
    read = lambda kind, i: np.fromfile(folder / "out" / f"{kind}-{i}.f32", "<f4").reshape(len(tokens[i]) - 1, -1)
    return [(ids, read("base", i), read("adapter", i)) for i, ids in enumerate(tokens)]


def java_home():
    """A JDK 25 or later: JAVA_HOME, the one on PATH, or one below /usr/lib/jvm."""
    on_path = shutil.which("java")
    homes = [os.environ.get("JAVA_HOME"), on_path and pathlib.Path(on_path).resolve().parents[1], *sorted(pathlib.Path("/usr/lib/jvm").glob("*"), reverse=True)]
    for home in homes:
        release = home and pathlib.Path(home) / "release"
        if release and release.exists():
            version = re.search(r'JAVA_VERSION="(\d+)', release.read_text())
            if version and int(version[1]) >= 25 and (pathlib.Path(home) / "bin" / "javac").exists(): return str(home)
    give_up("no JDK 25 in JAVA_HOME, on PATH or below /usr/lib/jvm; install one, such as Temurin 25, and set JAVA_HOME")


def classpath(home):
    target = ROOT / "lora" / "target" / "peft-check.classpath"
    maven = ROOT / "mvnw" if (ROOT / "mvnw").exists() else "mvn"
    run = subprocess.run([str(maven), "-q", "-pl", "lora", "-am", "-DskipTests", "compile", "dependency:build-classpath",
                          f"-Dmdep.outputFile={target}", "-Dmdep.includeScope=runtime"], cwd=ROOT, capture_output=True, text=True, env=os.environ | {"JAVA_HOME": home})
    if run.returncode: give_up("Maven could not compile the project:\n" + run.stdout[-3000:])
    return f"{ROOT}/lora/target/classes:{target.read_text()}"


def compare(arguments, ours, folder):
    import numpy as np, torch
    from peft import PeftModel
    torch.set_grad_enabled(False)
    base = reference_base(arguments.model)
    logits = lambda model, ids: model(torch.tensor([ids])).logits[0, :-1].float().numpy()
    plain = [logits(base, ids) for ids, _, _ in ours]
    adapted = PeftModel.from_pretrained(base, arguments.artifact).eval()
    rows = []
    for (ids, our_base, our_adapter), their_base in zip(ours, plain):
        their_adapter = logits(adapted, ids)
        rows.append({"tokens": len(ids), "base_max_abs_diff": gap(our_base, their_base), "adapter_max_abs_diff": gap(our_adapter, their_adapter),
                     "adapter_effect_max_abs": gap(their_adapter, their_base), "logit_max_abs": float(np.abs(their_adapter).max()),
                     "same_next_token": float((our_adapter.argmax(-1) == their_adapter.argmax(-1)).mean())})
    worst = max(max(r["base_max_abs_diff"], r["adapter_max_abs_diff"]) for r in rows)
    effect = max(r["adapter_effect_max_abs"] for r in rows)
    return {"model": arguments.model, "artifact": arguments.artifact, "packages": PACKAGES, "bar": arguments.bar, "max_abs_diff": worst,
            "adapter_effect_max_abs": effect, "adapter_tensors": sum("lora_" in n for n, _ in adapted.named_parameters()),
            "passed": worst <= arguments.bar and effect > 0, "texts": rows}


def gap(a, b):
    import numpy as np
    return float(np.abs(a - b).max())


def reference_base(model):
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM
    config, state = gguf_base(model) if os.path.isfile(model) else folder_base(pathlib.Path(model))
    base = LlamaForCausalLM(LlamaConfig(**config, attn_implementation="eager", dtype="float32")).eval()
    missing, unexpected = base.load_state_dict(state, strict=False)
    if unexpected or set(missing) - {"lm_head.weight"}: give_up(f"the base does not fit a Llama: {missing} {unexpected}")
    base.tie_weights()
    return base.to(torch.float32)


def gguf_base(file):
    import numpy as np, torch
    from gguf import GGUFReader, dequantize
    reader = GGUFReader(file)
    value = lambda key: reader.fields[key].contents()
    if value("general.architecture") != "llama": give_up("only GGUF files of the llama architecture are checked")
    heads, kv = value("llama.attention.head_count"), value("llama.attention.head_count_kv")
    names = {"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj",
             "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"} | {f"attn_{x}": f"self_attn.{x}_proj" for x in "qkv"}
    outside = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight", "output.weight": "lm_head.weight"}
    state = {}
    for tensor in reader.tensors:
        w = dequantize(tensor.data, tensor.tensor_type).astype(np.float32).reshape([int(n) for n in tensor.shape][::-1])
        if tensor.name in outside: name = outside[tensor.name]
        else:
            _, layer, kind, _ = tensor.name.split(".")
            name = f"model.layers.{layer}.{names[kind]}.weight"
            n = {"attn_q": heads, "attn_k": kv}.get(kind)
            if n: w = w.reshape(n, w.shape[0] // n // 2, 2, -1).swapaxes(1, 2).reshape(w.shape)  # interleaved pairs back to halves
        state[name] = torch.from_numpy(np.ascontiguousarray(w))
    vocabulary, hidden = state["model.embed_tokens.weight"].shape
    config = {"vocab_size": vocabulary, "hidden_size": hidden, "intermediate_size": value("llama.feed_forward_length"), "num_hidden_layers": value("llama.block_count"),
              "num_attention_heads": heads, "num_key_value_heads": kv, "rms_norm_eps": value("llama.attention.layer_norm_rms_epsilon"),
              "rope_theta": float(value("llama.rope.freq_base")), "max_position_embeddings": value("llama.context_length"), "tie_word_embeddings": "lm_head.weight" not in state}
    return config, state


def folder_base(folder):
    import torch
    from safetensors.torch import load_file
    config = json.loads((folder / "config.json").read_text())
    if config["model_type"] != "llama": give_up("only folders of the llama architecture are checked")
    state = {}
    for file in sorted(folder.glob("model*.safetensors")): state |= load_file(file)
    state = {n: torch.from_numpy(nf4(w.float().numpy())) if n.endswith("_proj.weight") else w.float() for n, w in state.items()}
    keep = ["vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim", "rms_norm_eps",
            "max_position_embeddings", "tie_word_embeddings"]
    kept = {k: config[k] for k in keep if k in config}
    return kept | {"rope_theta": config.get("rope_theta", config.get("rope_parameters", {}).get("rope_theta", 10000.0))}, state


LEVELS = [-1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022833334, -0.09105003625154495, 0,
          0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1]


def nf4(w):
    """To NF4 with double quantisation and back; widths must be multiples of 64."""
    import numpy as np
    f = np.float32
    levels = np.array(LEVELS, f)
    blocks = w.reshape(-1, 64)
    absmax = np.abs(blocks).max(1)
    codes = nearest(blocks * (f(1) / np.maximum(absmax, f(1e-38)))[:, None], levels)
    offset = f(absmax.astype(np.float64).mean())
    values = dynamic_map()
    centred = absmax - offset
    again = np.empty_like(absmax)
    for i in range(0, len(centred), 256):
        part = centred[i:i + 256]
        scale = max(np.abs(part).max(), f(1e-38))
        normed = part * (f(1) / scale) if len(part) == 256 else part / scale
        again[i:i + 256] = values[nearest(normed, values)] * scale + offset
    return (levels[codes] * again[:, None]).reshape(w.shape)


def nearest(x, values):
    import numpy as np
    return np.searchsorted((values[:-1] + values[1:]) / np.float32(2), np.clip(x, -1, 1), side="left")


def dynamic_map():
    """Seven decades of 1, 2, 4 … 64 midpoints of an even division of [0.1, 1], both signs, 0 and 1."""
    import numpy as np, torch
    values = [np.float32(0), np.float32(1)]
    for decade in range(7):
        edges = torch.linspace(0.1, 1, 2 ** decade + 1).numpy()
        middle = np.float32(10.0 ** (decade - 6)) * ((edges[:-1] + edges[1:]) / np.float32(2))
        values += [*middle, *-middle]
    return np.sort(np.array(values, np.float32))


if __name__ == "__main__":
    main()
