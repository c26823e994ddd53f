package io.adaptermill.cli.promises;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What clients saw: an answer each time, and only from versions that had the right to answer.
final class AnswerPromises {
    private AnswerPromises() {}

    static Promise noRequestFailed(Evidence evidence) {
        List<String> violations = evidence.answers().stream()
                .filter(Answer::failed)
                .map(answer -> answer.tenant() + " at " + answer.start() + ": status " + answer.status()
                        + answer.error().map(error -> ", " + error).orElse(""))
                .toList();
        return new Promise(
                "no-failed-request",
                "no request to serving failed",
                evidence.answers().size(),
                violations);
    }

    /// A version may answer from its promotion until serving reported that it left it, a candidate from the moment
    /// that it is tried; and a request may overlap either end.
    static Promise onlyApprovedVersionsAnswered(Evidence evidence) {
        List<Answer> answers =
                evidence.answers().stream().filter(a -> !a.failed()).toList();
        List<String> violations = new ArrayList<>();
        for (Answer answer : answers) {
            boolean allowed =
                    terms(evidence, answer.tenant(), answer.version()).stream().anyMatch(term -> term.overlaps(answer));
            if (!allowed) {
                violations.add(answer.tenant() + " was answered by " + named(answer.version()) + " at " + answer.end()
                        + ", which it had no right to then");
            }
        }
        return new Promise(
                "only-approved-answers",
                "each answer came from a version approved at some time during the request",
                answers.size(),
                violations);
    }

    private static List<Term> terms(Evidence evidence, TenantId tenant, Optional<VersionId> version) {
        Instant end = evidence.swapped().stream()
                .filter(e -> e.tenant().equals(tenant) && e.event().from().equals(version))
                .map(Entry::time)
                .max(Instant::compareTo)
                .orElse(Instant.MAX);
        if (version.isEmpty()) return List.of(new Term(Instant.MIN, end));
        Stream<Term> promoted = evidence.decided().stream()
                .filter(e -> e.tenant().equals(tenant) && promotes(e.event(), version.get()))
                .map(e -> new Term(e.time(), end));
        Stream<Term> tried = evidence.tried().stream()
                .filter(e -> e.event().candidate().version().equals(version.get()))
                .map(e -> new Term(e.time(), end));
        return Stream.concat(promoted, tried).toList();
    }

    private static boolean promotes(PromotionDecided decision, VersionId version) {
        return decision.moves()
                && decision.championAfter().map(AdapterRef::version).equals(Optional.of(version));
    }

    private static String named(Optional<VersionId> version) {
        return version.map(VersionId::toString).orElse("the base model");
    }

    /// A time in which a version had the right to answer, both ends included.
    private record Term(Instant from, Instant to) {
        boolean overlaps(Answer answer) {
            return !answer.end().isBefore(from) && !answer.start().isAfter(to);
        }
    }
}
