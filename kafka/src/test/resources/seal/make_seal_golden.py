"""Writes seal-golden.json: texts and a key sealed by another implementation of AES-256-GCM (cryptography 50.0.2, OpenSSL).

Usage: make_seal_golden.py > seal-golden.json
"""

import base64
import hashlib
import json
import struct

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def drawn(name, size):
    return hashlib.sha256(f"adaptermill seal golden {name}".encode()).digest()[:size]


def b64(data):
    return base64.b64encode(data).decode()


def bound(*parts):
    return b"".join(struct.pack(">I", len(part.encode())) + part.encode() for part in parts)


kek = drawn("kek", 32)
kek_id = hashlib.sha256(kek).hexdigest()[:32]
secret = drawn("subject", 32)
key = drawn("key id", 16).hex()
tenant = "acme"
wrap_nonce = drawn("wrap nonce", 12)
wrapped = AESGCM(kek).encrypt(wrap_nonce, secret, f"adaptermill.key.v1 {tenant} {key}".encode())

texts = []
for number, text in enumerate(["", "Tea?", "größer als Ω, 👩‍💻", "x" * 5000]):
    topic, event = "adaptermill.batch.closed", f"event-{number}"
    nonce = drawn(f"nonce {number}", 12)
    place = bound("adaptermill.seal.v1", tenant, key, topic, event)
    sealed = AESGCM(secret).encrypt(nonce, text.encode(), place)
    texts.append({"topic": topic, "event": event, "text": text,
                  "sealed": {"key": key, "nonce": b64(nonce), "ciphertext": b64(sealed)}})

print(json.dumps({
    "kek": b64(kek),
    "wrapped": {"tenant": tenant, "key": key, "wrappedBy": kek_id, "nonce": b64(wrap_nonce), "ciphertext": b64(wrapped)},
    "texts": texts,
}, indent=1, ensure_ascii=False))
