package io.adaptermill.ingest.http;

import java.util.List;

/// One thing that was not taken, and why.
///
/// @param detail what was wrong this time, without user text
record Rejected(Problem problem, String detail, List<Violation> violations) {
    Rejected {
        violations = List.copyOf(violations);
    }

    static Rejected because(Problem problem, String detail) {
        return new Rejected(problem, detail, List.of());
    }

    static Rejected because(Problem problem, List<Violation> violations) {
        Violation first = violations.getFirst();
        return new Rejected(problem, first.field() + " " + first.rule(), violations);
    }

    ProblemDocument document() {
        return new ProblemDocument(
                problem.type(),
                problem.title(),
                problem.status(),
                problem.code(),
                detail,
                problem.nextStep(),
                violations);
    }

    /// One field at fault.
    ///
    /// @param rule what it must be
    record Violation(String field, String rule) {}
}
