package io.adaptermill.artifacts.signing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// A payload with signatures over it and its type, spelled as the DSSE protocol has it.
///
/// @param payload base64
public record Dsse(String payloadType, String payload, List<Signed> signatures) {
    public Dsse {
        signatures = List.copyOf(signatures);
    }

    /// @param keyid sha256 of the public key's encoding; a hint, which proves nothing
    /// @param sig base64
    public record Signed(String keyid, String sig) {}

    public static Dsse of(String payloadType, byte[] payload, SigningKey key) {
        byte[] signature = key.sign(signedBytes(payloadType, payload));
        return new Dsse(
                payloadType,
                Base64.getEncoder().encodeToString(payload),
                List.of(new Signed(key.id(), Base64.getEncoder().encodeToString(signature))));
    }

    /// @return the payload
    /// @throws IllegalArgumentException if no signature is this key's, or what is no base64 stands for it
    public byte[] verified(String expectedType, VerifyingKey key) {
        if (!payloadType.equals(expectedType)) {
            throw new IllegalArgumentException("payloadType must be " + expectedType + ", was " + payloadType);
        }
        byte[] bytes = Base64.getDecoder().decode(payload);
        byte[] signed = signedBytes(payloadType, bytes);
        boolean isTheirs = signatures.stream()
                .map(signature -> Base64.getDecoder().decode(signature.sig()))
                .anyMatch(signature -> key.verifies(signed, signature));
        if (!isTheirs) throw new IllegalArgumentException("no signature of it is by the key " + key.id());
        return bytes;
    }

    /// The protocol's pre-authentication encoding: `DSSEv1 LEN TYPE LEN BODY`, lengths in bytes, in decimal.
    private static byte[] signedBytes(String type, byte[] body) {
        byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("DSSEv1 " + typeBytes.length + " ").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(typeBytes);
        bytes.writeBytes((" " + body.length + " ").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }
}
