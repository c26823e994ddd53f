package io.adaptermill.artifacts;

import io.adaptermill.schemas.id.Digest;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// The list of an artifact's files with proof of each: `manifest.json`, whose own digest is the artifact's name.
///
/// @param format version of this layout
/// @param files by name; only the names in [ArtifactFiles] exist
public record Manifest(int format, Provenance provenance, SortedMap<String, FileProof> files) {
    public static final int FORMAT = 1;

    public Manifest {
        if (format != FORMAT) {
            throw new IllegalArgumentException("manifest format must be " + FORMAT + ", was " + format);
        }
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        for (String name : files.keySet()) {
            if (!ArtifactFiles.LISTED.contains(name)) {
                throw new IllegalArgumentException(
                        "a manifest must list only " + ArtifactFiles.LISTED + ", was " + name);
            }
        }
        if (!files.keySet().containsAll(ArtifactFiles.REQUIRED)) {
            throw new IllegalArgumentException(
                    "a manifest must list " + ArtifactFiles.REQUIRED + ", was " + files.keySet());
        }
    }

    /// @param sha256 digest of the file's bytes
    /// @param sizeBytes its length
    public record FileProof(Digest sha256, long sizeBytes) {
        public FileProof {
            if (sizeBytes < 1) throw new IllegalArgumentException("sizeBytes must be at least 1, was " + sizeBytes);
        }
    }
}
