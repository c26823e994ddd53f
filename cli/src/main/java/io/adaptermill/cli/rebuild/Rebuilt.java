package io.adaptermill.cli.rebuild;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;

/// How training one version again ended.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "result")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Rebuilt.Same.class, name = "same"),
    @JsonSubTypes.Type(value = Rebuilt.Different.class, name = "different"),
    @JsonSubTypes.Type(value = Rebuilt.Failed.class, name = "failed"),
})
public sealed interface Rebuilt {
    VersionId version();

    /// Byte for byte.
    record Same(VersionId version, Digest artifact) implements Rebuilt {}

    /// @param differences what is known of where the two part, the earliest in training first
    record Different(VersionId version, Digest logged, Digest rebuilt, List<String> differences) implements Rebuilt {
        public Different {
            differences = List.copyOf(differences);
        }
    }

    /// The log says that it was trained, and now it cannot be.
    ///
    /// @param step at which it went wrong, 0 before the first
    record Failed(VersionId version, int step, String reason) implements Rebuilt {}
}
