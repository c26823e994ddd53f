package io.adaptermill.ingest.http;

import io.adaptermill.ingest.http.Rejected.Violation;
import java.util.List;

/// A problem as it goes out (RFC 9457), with what to do next.
record ProblemDocument(
        String type,
        String title,
        int status,
        String code,
        String detail,
        String nextStep,
        List<Violation> violations) {
    static final String MEDIA_TYPE = "application/problem+json";

    ProblemDocument {
        violations = List.copyOf(violations);
    }
}
