package io.adaptermill.ingest.http;

import io.adaptermill.lineage.LineageFollower;
import io.adaptermill.lineage.history.Lineage;
import io.adaptermill.lineage.history.LineageLog;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/// Where a tenant's answers and versions come from, and what its feedback led to. Read only; ids, no texts.
@Path("/v1/lineage")
@RunOnVirtualThread
public final class LineageResource {
    private final Callers callers;
    private final LineageDesk desk;

    LineageResource(Callers callers, LineageDesk desk) {
        this.callers = callers;
        this.desk = desk;
    }

    @GET
    @Path("answers/{id}")
    public Response answer(@Context HttpHeaders request, @PathParam("id") String id) {
        return found(request, (log, tenant) -> log.of(tenant, new InferenceId(id)));
    }

    @GET
    @Path("feedback/{id}")
    public Response feedback(@Context HttpHeaders request, @PathParam("id") String id) {
        return found(request, (log, tenant) -> log.of(tenant, new EventId(id)));
    }

    /// @param number of one of the tenant's own
    @GET
    @Path("versions/{number}")
    public Response version(@Context HttpHeaders request, @PathParam("number") String number) {
        return found(request, (log, tenant) -> log.of(VersionId.parse(tenant + "@" + number)));
    }

    @GET
    @Path("subjects/{id}")
    public Response subject(@Context HttpHeaders request, @PathParam("id") String id) {
        return found(request, (log, tenant) -> log.of(tenant, new SubjectId(id)));
    }

    /// What is asked of the log.
    private interface Question {
        Optional<Lineage> of(LineageLog log, TenantId tenant);
    }

    private Response found(HttpHeaders request, Question question) {
        return callers.answered(request, (tenant, _) -> {
            Optional<LineageFollower> open = desk.open();
            if (open.isEmpty()) {
                return ProblemMappers.answer(Rejected.because(Problem.UNAVAILABLE, "lineage is still being read"));
            }
            try {
                return open.get()
                        .ask(log -> question.of(log, tenant))
                        .map(lineage -> Response.ok(EventJson.write(lineage), MediaType.APPLICATION_JSON)
                                .build())
                        .orElseGet(() -> ProblemMappers.answer(
                                Rejected.because(Problem.UNKNOWN, "the topics say nothing of it")));
            } catch (IllegalArgumentException e) {
                return ProblemMappers.answer(Rejected.because(Problem.UNKNOWN, "no id looks like this"));
            }
        });
    }
}
