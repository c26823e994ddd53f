"""Writes a P-256 key pair, and the signature that the reference tool makes of the folder `model` beside this file:
model-signing 1.1.1, cryptography 50.0.2, pyOpenSSL 26.4.0.

Usage: make_model_golden.py
"""

import pathlib
import subprocess
import sys

folder = pathlib.Path(__file__).parent
key = folder / "model-key.pem"
subprocess.run(
    ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key], check=True)
subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", f"{key}.pub"], check=True)
(folder / "model").mkdir(exist_ok=True)
(folder / "model" / "adapter_config.json").write_text('{"r": 8}\n')
(folder / "model" / "adapter_model.safetensors").write_bytes(bytes(range(256)))
subprocess.run(
    [sys.executable, "-m", "model_signing", "sign", "key", folder / "model", "--private_key", key,
     "--signature", folder / "model.sig"],
    check=True)
