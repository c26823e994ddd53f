package io.adaptermill.lora.model;

import io.adaptermill.artifacts.Sha256;
import io.adaptermill.lora.quant.FrozenTensor;
import io.adaptermill.schemas.id.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;

/// Names a base model by what it computes: one line of configuration, then each tensor, sorted by name, as one line of
/// name, shape, storage and size, and its bytes.
final class Fingerprint {
    private Fingerprint() {}

    static Digest of(ModelConfig config, Map<String, FrozenTensor> tensors) {
        MessageDigest sha256 = Sha256.start();
        line(sha256, config.canonical());
        new TreeMap<>(tensors).forEach((name, tensor) -> {
            line(
                    sha256,
                    "%s %d %d %s %d"
                            .formatted(name, tensor.rows(), tensor.columns(), tensor.storage(), tensor.sizeBytes()));
            tensor.bytes().forEach(bytes -> Sha256.update(sha256, bytes));
        });
        return Sha256.finish(sha256);
    }

    private static void line(MessageDigest sha256, String text) {
        sha256.update((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
