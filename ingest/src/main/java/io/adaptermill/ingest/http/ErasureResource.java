package io.adaptermill.ingest.http;

import io.adaptermill.ingest.erasure.ErasureBook;
import io.adaptermill.ingest.erasure.ErasureBook.Admission;
import io.adaptermill.ingest.runtime.ErasureFollower;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.error.Unavailable;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Takes requests to forget a person, and says how far each has come. 202 means that the brokers have it.
@Path("/v1/erasures")
@RunOnVirtualThread
public final class ErasureResource {
    private static final String SOURCE = "/adaptermill/ingest/http";
    private static final int ACCEPTED = 202;
    private static final int OK = 200;

    private final Callers callers;
    private final FeedbackPublisher publisher;
    private final ErasureFollower erasures;

    ErasureResource(Callers callers, FeedbackPublisher publisher, ErasureFollower erasures) {
        this.callers = callers;
        this.publisher = publisher;
        this.erasures = erasures;
    }

    /// What a product sends.
    ///
    /// @param id its own name for the request, so that it may ask again; one is made if it is absent
    record Submission(Optional<EventId> id, SubjectId subject, String requestedBy, String reason) {
        ErasureRequested request() {
            return new ErasureRequested(subject, requestedBy, reason);
        }
    }

    /// How far it has come.
    ///
    /// @param state `pending` or `done`: nobody can read what the person said any more
    /// @param versions that must not serve since
    /// @param again how many batches are learned once more without the person
    record Status(EventId id, String state, List<VersionId> versions, int again) {
        static Status of(EventId id, Optional<SubjectErased> answer) {
            return new Status(
                    id,
                    answer.isPresent() ? "done" : "pending",
                    answer.map(SubjectErased::versions).orElse(List.of()),
                    answer.map(done -> done.again().size()).orElse(0));
        }
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    public Response ask(@Context HttpHeaders request, byte[] body) {
        return callers.answered(request, (tenant, _) -> {
            if (!erasures.isCaughtUp()) return notYet();
            Submission submission;
            ErasureRequested erasure;
            try {
                submission = EventJson.read(body, Submission.class);
                erasure = submission.request();
            } catch (UncheckedIOException | IllegalArgumentException e) {
                return ProblemMappers.answer(Rejected.because(
                        Problem.INVALID, "the body must be a JSON object with subject, requestedBy and reason"));
            }
            return asked(tenant, submission.id().orElseGet(ErasureResource::newId), erasure);
        });
    }

    @GET
    @Path("{id}")
    public Response status(@Context HttpHeaders request, @PathParam("id") String id) {
        return callers.answered(request, (tenant, _) -> {
            if (!erasures.isCaughtUp()) return notYet();
            return named(id)
                    .flatMap(name -> erasures.book()
                            .find(tenant, name)
                            .map(entry ->
                                    json(OK, Status.of(name, entry.answer())).build()))
                    .orElseGet(() -> ProblemMappers.answer(
                            Rejected.because(Problem.UNKNOWN, "no erasure of this tenant has this id")));
        });
    }

    private Response asked(TenantId tenant, EventId id, ErasureRequested erasure) {
        return switch (erasures.book().admit(tenant, id, erasure)) {
            case Admission.Conflict(String reason) -> ProblemMappers.answer(Rejected.because(Problem.CONFLICT, reason));
            case Admission.Known _ -> accepted(tenant, id);
            case Admission.Take _ -> {
                try {
                    publisher.publish(new Envelope<>(tenant, id, SOURCE, Instant.now(), erasure));
                } catch (Unavailable e) {
                    yield ProblemMappers.answer(Rejected.because(Problem.UNAVAILABLE, String.valueOf(e.getMessage())));
                }
                erasures.book().requested(tenant, id, erasure);
                yield accepted(tenant, id);
            }
        };
    }

    private Response accepted(TenantId tenant, EventId id) {
        Optional<SubjectErased> answer = erasures.book().find(tenant, id).flatMap(ErasureBook.Entry::answer);
        String path = "/v1/erasures/" + URLEncoder.encode(id.value(), StandardCharsets.UTF_8);
        return json(ACCEPTED, Status.of(id, answer)).location(URI.create(path)).build();
    }

    private static Optional<EventId> named(String id) {
        try {
            return Optional.of(new EventId(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static EventId newId() {
        return new EventId("erasure-" + UUID.randomUUID());
    }

    private static Response notYet() {
        return ProblemMappers.answer(Rejected.because(Problem.UNAVAILABLE, "earlier erasures are still being read"));
    }

    private static Response.ResponseBuilder json(int status, Object answer) {
        return Response.status(status).type(MediaType.APPLICATION_JSON).entity(EventJson.write(answer));
    }
}
