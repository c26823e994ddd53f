package io.adaptermill.ingest.http;

import io.adaptermill.schemas.EventJson;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns whatever goes wrong with a request into the answer that says so.
@Singleton
final class ProblemMappers {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProblemMappers.class);
    private static final int RETRY_AFTER_SECONDS = 2;

    @ServerExceptionMapper
    Response nothingThere(NotFoundException e) {
        return answer(Rejected.because(Problem.NOT_FOUND, "the path is unknown"));
    }

    @ServerExceptionMapper
    Response otherMethod(NotAllowedException e) {
        String allowed =
                Optional.ofNullable(e.getResponse().getHeaderString("Allow")).orElse("POST");
        return Response.fromResponse(
                        answer(Rejected.because(Problem.METHOD_NOT_ALLOWED, "this path takes " + allowed + " only")))
                .header("Allow", allowed)
                .build();
    }

    @ServerExceptionMapper
    Response broken(IllegalStateException e) {
        LOGGER.atError().setCause(e).log("request failed by our fault");
        return answer(Rejected.because(Problem.BROKEN, "the fault is ours, and is logged"));
    }

    static Response answer(Rejected rejected) {
        Response.ResponseBuilder answer = Response.status(rejected.problem().status())
                .type(ProblemDocument.MEDIA_TYPE)
                .entity(EventJson.write(rejected.document()));
        switch (rejected.problem()) {
            case UNAVAILABLE -> answer.header("Retry-After", RETRY_AFTER_SECONDS);
            case UNAUTHENTICATED -> answer.header("WWW-Authenticate", "Bearer");
            default -> {}
        }
        return answer.build();
    }
}
