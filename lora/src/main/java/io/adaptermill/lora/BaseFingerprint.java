package io.adaptermill.lora;

import io.adaptermill.lora.model.Checkpoint;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;

/// Names a base model by what it computes with, not by where its file lies.
final class BaseFingerprint {
    private static final long PIECE_BYTES = 1L << 30;

    private BaseFingerprint() {}

    static String of(Checkpoint checkpoint) {
        MessageDigest digest = sha256();
        update(digest, describe(checkpoint));
        checkpoint.tensors().forEach((name, tensor) -> {
            update(digest, name + " " + tensor.rows() + " " + tensor.columns() + " " + tensor.storage() + "\n");
            tensor.bytes().forEach(bytes -> update(digest, bytes));
        });
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    /// Sets print in any order; everything else of the record is in a fixed one.
    private static String describe(Checkpoint checkpoint) {
        var config = checkpoint.config();
        return "%d %d %d %d %d %d %d %d %s %s %s\n"
                .formatted(
                        config.vocabulary(),
                        config.layers(),
                        config.hidden(),
                        config.intermediate(),
                        config.heads(),
                        config.headsKv(),
                        config.headDim(),
                        config.context(),
                        config.ropeTheta(),
                        config.normEps(),
                        new TreeSet<>(config.features()));
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void update(MessageDigest digest, MemorySegment bytes) {
        if (!bytes.isNative()) {
            digest.update(bytes.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
            return;
        }
        for (long at = 0; at < bytes.byteSize(); at += PIECE_BYTES) {
            digest.update(bytes.asSlice(at, Math.min(PIECE_BYTES, bytes.byteSize() - at))
                    .asByteBuffer());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
