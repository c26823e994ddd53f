package io.adaptermill.ingest.http;

import io.adaptermill.ingest.http.Bodies.Part;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.error.Unavailable;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.id.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Takes feedback in: one event, or many at once. 202 means that the brokers have it.
@Path("/v1")
@Consumes(MediaType.WILDCARD)
@RunOnVirtualThread
public final class FeedbackResource {
    private static final int SINGLE_BYTES_MAX = 1 << 20;
    static final int BATCH_BYTES_MAX = 16 << 20;
    private static final int BATCH_EVENTS_MAX = 1_000;
    private static final int ACCEPTED = 202;
    private static final int MULTI_STATUS = 207;

    private final Callers callers;
    private final FeedbackPublisher publisher;

    FeedbackResource(Callers callers, FeedbackPublisher publisher) {
        this.callers = callers;
        this.publisher = publisher;
    }

    /// Plain JSON, or a CloudEvent in binary (`ce-` headers) or structured mode.
    @POST
    @Path("feedback")
    public Response one(@Context HttpHeaders request, byte[] body) {
        return authenticated(request, (tenant, headers, type) -> switch (type) {
            case Bodies.JSON, Bodies.CLOUD_EVENT -> {
                if (body.length > SINGLE_BYTES_MAX) yield tooLarge(body.length, SINGLE_BYTES_MAX);
                yield single(read(Bodies.single(type, headers, body), tenant));
            }
            default -> unsupported(type, Bodies.JSON + " and " + Bodies.CLOUD_EVENT);
        });
    }

    /// One event a line, or a batch of CloudEvents; each event gets its own result.
    @POST
    @Path("feedback:batch")
    public Response many(@Context HttpHeaders request, byte[] body) {
        return authenticated(request, (tenant, headers, type) -> switch (type) {
            case Bodies.NDJSON, Bodies.CLOUD_EVENTS -> {
                if (body.length > BATCH_BYTES_MAX) yield tooLarge(body.length, BATCH_BYTES_MAX);
                yield batch(type.equals(Bodies.NDJSON) ? Bodies.lines(body) : Bodies.cloudEvents(body), tenant);
            }
            default -> unsupported(type, Bodies.NDJSON + " and " + Bodies.CLOUD_EVENTS);
        });
    }

    private Response single(Reading reading) {
        return switch (reading) {
            case Reading.Refused refused -> ProblemMappers.answer(refused.rejected());
            case Reading.Accepted(Envelope<FeedbackReceived> envelope) ->
                published(
                        List.of(envelope), ACCEPTED, Map.of("id", envelope.id().value()));
        };
    }

    private Response batch(List<Part> parts, TenantId tenant) {
        if (parts.isEmpty()) return ProblemMappers.answer(Rejected.because(Problem.INVALID, "the batch has no events"));
        if (parts.size() > BATCH_EVENTS_MAX) {
            return ProblemMappers.answer(Rejected.because(
                    Problem.TOO_LARGE,
                    "the batch has " + parts.size() + " events, at most " + BATCH_EVENTS_MAX + " are taken at once"));
        }
        List<Reading> readings = parts.stream().map(part -> read(part, tenant)).toList();
        List<Envelope<FeedbackReceived>> accepted = readings.stream()
                .flatMap(reading ->
                        reading instanceof Reading.Accepted(var envelope) ? Stream.of(envelope) : Stream.empty())
                .toList();
        BatchResult result = BatchResult.of(readings);
        return published(accepted, result.refused() == 0 ? ACCEPTED : MULTI_STATUS, result);
    }

    private static Reading read(Part part, TenantId tenant) {
        return switch (part) {
            case Part.Readable(Submission submission) -> FeedbackReader.read(submission, tenant, Instant.now());
            case Part.Broken(Rejected rejected) -> new Reading.Refused(Optional.empty(), rejected);
        };
    }

    private Response published(List<Envelope<FeedbackReceived>> events, int status, Object answer) {
        try {
            publisher.publish(events);
        } catch (Unavailable e) {
            return ProblemMappers.answer(Rejected.because(Problem.UNAVAILABLE, String.valueOf(e.getMessage())));
        }
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(EventJson.write(answer))
                .build();
    }

    /// What a request does once it is known whose it is.
    private interface Action {
        Response answer(TenantId tenant, Map<String, String> headers, String mediaType);
    }

    private Response authenticated(HttpHeaders request, Action action) {
        return callers.answered(request, (tenant, headers) -> {
            String type = Bodies.mediaType(Optional.ofNullable(headers.get("content-type")));
            return action.answer(tenant, headers, type);
        });
    }

    private static Response tooLarge(int bytes, int bytesMax) {
        return ProblemMappers.answer(Rejected.because(
                Problem.TOO_LARGE, "the body has " + bytes + " bytes, at most " + bytesMax + " are taken"));
    }

    private static Response unsupported(String type, String taken) {
        return ProblemMappers.answer(Rejected.because(
                Problem.UNSUPPORTED_MEDIA_TYPE,
                (type.isEmpty() ? "no type was named" : "this type is unknown") + "; taken are " + taken));
    }
}
