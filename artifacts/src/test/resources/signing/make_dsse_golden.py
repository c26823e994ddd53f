"""Writes a key pair and a DSSE envelope made by other implementations: cryptography 50.0.2 signs what
securesystemslib 1.6.0 says is to be signed.

Usage: make_dsse_golden.py FOLDER
"""

import base64
import hashlib
import json
import pathlib
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.dsse import Envelope

folder = pathlib.Path(sys.argv[1])
key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"adaptermill dsse golden").digest())
public = key.public_key()
(folder / "key.pem").write_bytes(
    key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
(folder / "key.pem.pub").write_bytes(
    public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
encoded = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

payload = "größer als Ω, signed".encode()
kind = "application/vnd.adaptermill.erasure-receipt+json"
signature = key.sign(Envelope(payload, kind, {}).pae())
envelope = {
    "payloadType": kind,
    "payload": base64.b64encode(payload).decode(),
    "signatures": [{"keyid": hashlib.sha256(encoded).hexdigest(), "sig": base64.b64encode(signature).decode()}],
}
(folder / "envelope.json").write_text(json.dumps(envelope))
