#!/usr/bin/env python3
"""Does the reference implementation of OpenSSF model signing accept Adaptermill's signatures, and we its?

    scripts/model-signing-check.py STORE KEY.pem [--json FILE]

STORE is an artifact store with signatures, KEY.pem the private key that its trainers sign with, its public half beside
it as KEY.pem.pub. Every signed artifact is verified by `model_signing verify key`; then a copy of it in which one byte
is changed, and one with a file more, must be refused; then `./adaptermill verify` must accept what the reference tool
signed. Exit code 0: all of it holds; 1: it does not; 2: the check could not run.
"""
import argparse, importlib.metadata, json, os, pathlib, shutil, subprocess, sys, tempfile

PACKAGES = {"model-signing": "1.1.1", "pyOpenSSL": "26.4.0"}
ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "adaptermill" / "model-signing-venv"


def main():
    arguments = parse()
    use_packages(arguments)
    store, key = pathlib.Path(arguments.store), pathlib.Path(arguments.key)
    signatures = sorted((store / "signatures").glob("*.sig"))
    if not signatures: give_up(f"{store} holds no signatures; set ADAPTERMILL_SIGN_KEY for trainers")
    results = [check(store / "sha256" / each.stem, each, key) for each in signatures]
    report = {"reference": f"model-signing {PACKAGES['model-signing']}", "artifacts": len(results), "results": results,
              "passed": all(all(result["checks"].values()) for result in results)}
    print(json.dumps(report, indent=1))
    if arguments.json: pathlib.Path(arguments.json).write_text(json.dumps(report, indent=1) + "\n")
    sys.exit(0 if report["passed"] else 1)


def check(artifact, signature, key):
    with tempfile.TemporaryDirectory(prefix="model-signing-check-") as folder:
        changed, more = pathlib.Path(folder) / "changed", pathlib.Path(folder) / "more"
        shutil.copytree(artifact, changed), shutil.copytree(artifact, more)
        weights = changed / "adapter_model.safetensors"
        data = bytearray(weights.read_bytes())
        data[-1] ^= 1
        weights.write_bytes(data)
        (more / "extra.py").write_text("print()\n")
        theirs = pathlib.Path(folder) / "theirs.sig"
        reference("sign", artifact, theirs, "--private_key", key)
        public = f"{key}.pub"
        return {"artifact": f"sha256:{artifact.name}", "checks": {
            "reference accepts ours": reference("verify", artifact, signature, "--public_key", public),
            "reference refuses a changed byte": not reference("verify", changed, signature, "--public_key", public),
            "reference refuses a file more": not reference("verify", more, signature, "--public_key", public),
            "we accept the reference's": ours(artifact, theirs, public),
            "we refuse a changed byte": not ours(changed, theirs, public)}}


def reference(verb, model, signature, *key):
    return run([sys.executable, "-m", "model_signing", verb, "key", model, "--signature", signature, *key])


def ours(model, signature, public):
    return run([ROOT / "adaptermill", "verify", model, "--signature", signature, "--key", public])


def run(command):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("store"), parser.add_argument("key")
    parser.add_argument("--json", help="write the report to this file")
    parser.add_argument("--no-install", action="store_true", help="fail instead of installing the Python packages")
    arguments = parser.parse_args()
    for path in (arguments.store, arguments.key, f"{arguments.key}.pub"):
        if not os.path.exists(path): give_up(f"{path} does not exist; see --help")
    return arguments


def give_up(message):
    print(f"model-signing-check: {message}", file=sys.stderr)
    sys.exit(2)


def use_packages(arguments):
    """Goes on if the packages are here, else in a virtual environment of its own."""
    missing = [f"{name}=={version}" for name, version in PACKAGES.items() if installed(name) != version]
    if not missing: return
    line = "pip install " + " ".join(f"{n}=={v}" for n, v in PACKAGES.items())
    if arguments.no_install or pathlib.Path(sys.prefix).resolve() == VENV.resolve():
        give_up(f"missing or of another version: {' '.join(missing)}; run: {line}")
    python = VENV / "bin" / "python"
    print(f"model-signing-check: {'using' if python.exists() else 'making'} {VENV}; there: {line}", file=sys.stderr)
    if not python.exists(): subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    if subprocess.run([python, "-m", "pip", "install", "-q", *line.split()[2:]]).returncode:
        give_up("pip could not install the packages")
    os.execv(python, [str(python), __file__, *sys.argv[1:]])


def installed(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


if __name__ == "__main__":
    main()
