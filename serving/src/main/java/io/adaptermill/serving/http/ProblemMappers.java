package io.adaptermill.serving.http;

import io.adaptermill.serving.ServingNode;
import io.adaptermill.serving.chat.ChatProblem;
import io.adaptermill.serving.chat.RefusedRequest;
import io.adaptermill.serving.engine.EngineBusy;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every way a request can fail, in OpenAI's error shape.
@Singleton
final class ProblemMappers {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProblemMappers.class);
    private static final int RETRY_AFTER_SECONDS = 1;

    private final ServingNode node;

    ProblemMappers(ServingNode node) {
        this.node = node;
    }

    @ServerExceptionMapper
    Response refused(RefusedRequest refused) {
        return answer(refused.problem());
    }

    @ServerExceptionMapper
    Response busy(EngineBusy busy) {
        return answer(ChatProblem.busy(String.valueOf(busy.getMessage())));
    }

    @ServerExceptionMapper
    Response broken(IllegalStateException failure) {
        LOGGER.atError()
                .addKeyValue("error", failure.getMessage())
                .setCause(failure)
                .log("request failed by our fault");
        return answer(ChatProblem.broken());
    }

    private Response answer(ChatProblem problem) {
        node.metrics().refused(problem.code());
        Response.ResponseBuilder answer = Response.status(problem.status())
                .type(MediaType.APPLICATION_JSON)
                .entity(problem.body());
        if (problem.status() == 503) answer.header("Retry-After", RETRY_AFTER_SECONDS);
        return answer.build();
    }
}
