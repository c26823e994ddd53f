package io.adaptermill.ingest.http;

import java.util.Map;
import java.util.Optional;

/// One event as it was handed in, before anybody looked at it.
///
/// @param attributes CloudEvents attributes by name; what is missing is filled in where that is harmless
/// @param data the feedback's JSON
record Submission(Map<String, String> attributes, byte[] data) {
    Submission {
        attributes = Map.copyOf(attributes);
    }

    Optional<String> id() {
        return Optional.ofNullable(attributes.get("id"));
    }
}
