package io.adaptermill.promoter;

import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.GatePolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Evaluations as an evaluator would publish them.
public final class Evaluations {
    public static final TenantId ACME = new TenantId("acme");
    public static final Digest BASE = Digest.of(new byte[] {0});
    public static final String REASON = "as the gates said";

    private Evaluations() {}

    public static AdapterRef version(TenantId tenant, long number) {
        VersionId version = new VersionId(tenant, number);
        return new AdapterRef(version, Digest.of(version.toString().getBytes(StandardCharsets.UTF_8)));
    }

    public static AdapterRef version(long number) {
        return version(ACME, number);
    }

    public static AdapterEvaluated evaluated(AdapterRef candidate, Optional<AdapterRef> champion, Verdict verdict) {
        return new AdapterEvaluated(
                candidate.version(),
                candidate.artifact(),
                champion,
                BASE,
                verdict,
                REASON,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    public static AdapterEvaluated under(GatePolicy policy, AdapterEvaluated evaluation) {
        return new AdapterEvaluated(
                evaluation.version(),
                evaluation.artifact(),
                evaluation.champion(),
                evaluation.base(),
                evaluation.verdict(),
                evaluation.reason(),
                evaluation.gates(),
                evaluation.measurements(),
                Optional.of(policy),
                evaluation.test());
    }

    public static Envelope<AdapterEvaluated> published(AdapterEvaluated evaluation) {
        return new Envelope<>(
                evaluation.version().tenant(),
                new EventId(evaluation.version() + "/evaluated"),
                "/adaptermill/evaluator",
                Instant.parse("2026-01-31T12:00:00Z"),
                evaluation);
    }
}
