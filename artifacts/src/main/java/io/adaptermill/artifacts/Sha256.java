package io.adaptermill.artifacts;

import io.adaptermill.schemas.id.Digest;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Digests of what does not fit an array.
public final class Sha256 {
    private static final long CHUNK_BYTES = 1 << 30;

    private Sha256() {}

    public static Digest of(MemorySegment bytes) {
        MessageDigest sha256 = start();
        update(sha256, bytes);
        return finish(sha256);
    }

    public static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM lacks SHA-256, which every JVM must have", e);
        }
    }

    public static void update(MessageDigest sha256, MemorySegment bytes) {
        for (long from = 0; from < bytes.byteSize(); from += CHUNK_BYTES) {
            long length = Math.min(CHUNK_BYTES, bytes.byteSize() - from);
            sha256.update(bytes.asSlice(from, length).asByteBuffer());
        }
    }

    public static Digest finish(MessageDigest sha256) {
        return new Digest("sha256:" + HexFormat.of().formatHex(sha256.digest()));
    }
}
