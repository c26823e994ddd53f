package io.adaptermill.ingest.http;

import io.adaptermill.schemas.EventJson;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/// Tells what is too large before it is read at all. The server's own limit lies above it and would answer without a
/// word.
@Singleton
public final class BodyGuard {
    private static final int EARLY = 1_000;

    /// Room above the largest body that is taken, so that its own answer names the limit that counts.
    static final int BYTES_MAX = 2 * FeedbackResource.BATCH_BYTES_MAX - 1;

    void register(@Observes Filters filters) {
        filters.register(BodyGuard::check, EARLY);
    }

    private static void check(RoutingContext request) {
        @Nullable String length = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null || isTaken(length)) {
            request.next();
            return;
        }
        Rejected rejected = Rejected.because(
                Problem.TOO_LARGE,
                "the body has " + length + " bytes, at most " + FeedbackResource.BATCH_BYTES_MAX + " are taken");
        request.response()
                .setStatusCode(rejected.problem().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemDocument.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end(Buffer.buffer(EventJson.write(rejected.document())));
    }

    private static boolean isTaken(String length) {
        try {
            return Long.parseLong(length) <= BYTES_MAX;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
