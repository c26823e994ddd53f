package io.adaptermill.ingest.http;

import io.adaptermill.ingest.runtime.Policies;
import io.adaptermill.schemas.id.TenantId;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.streams.KafkaStreams;

/// Who sends, by the API key that comes along.
@Singleton
public final class Callers {
    private static final String SCHEME = "bearer ";

    private final Policies policies;
    private final KafkaStreams streams;

    Callers(Policies policies, KafkaStreams streams) {
        this.policies = policies;
        this.streams = streams;
    }

    /// Who it is, or why that cannot be said.
    sealed interface Caller {
        record Known(TenantId tenant) implements Caller {}

        record Unknown(Rejected rejected) implements Caller {}
    }

    /// While tenants are still being read, an unknown key may yet be a good one: then "later" is the honest answer.
    ///
    /// @param headers of the request, names in lower case
    Caller of(Map<String, String> headers) {
        Optional<String> key = key(headers);
        Optional<TenantId> owner = key.flatMap(policies::ownerOf);
        if (owner.isPresent()) return new Caller.Known(owner.get());
        if (key.isPresent() && streams.state() != KafkaStreams.State.RUNNING) {
            return new Caller.Unknown(Rejected.because(Problem.UNAVAILABLE, "tenants are still being read"));
        }
        return new Caller.Unknown(Rejected.because(
                Problem.UNAUTHENTICATED,
                key.isPresent() ? "no tenant has this API key" : "the request has no API key"));
    }

    /// What a request gets once it is known whose it is.
    @FunctionalInterface
    interface Action {
        /// @param headers of the request, names in lower case
        Response answer(TenantId tenant, Map<String, String> headers);
    }

    Response answered(HttpHeaders request, Action action) {
        Map<String, String> headers = new TreeMap<>();
        request.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        return switch (of(headers)) {
            case Caller.Known(TenantId tenant) -> action.answer(tenant, headers);
            case Caller.Unknown(Rejected rejected) -> ProblemMappers.answer(rejected);
        };
    }

    private static Optional<String> key(Map<String, String> headers) {
        String authorization = headers.getOrDefault("authorization", "").strip();
        if (authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.of(authorization.substring(SCHEME.length()).strip());
        }
        return Optional.ofNullable(headers.get("x-api-key")).map(String::strip);
    }
}
