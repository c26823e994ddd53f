package io.adaptermill.serving.http;

import io.adaptermill.kafka.EventIds;
import io.adaptermill.lora.generate.ContextExceeded;
import io.adaptermill.lora.generate.GenerationResult;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.serving.ServingNode;
import io.adaptermill.serving.chat.AnswerHead;
import io.adaptermill.serving.chat.ChatProblem;
import io.adaptermill.serving.chat.ChatRequest;
import io.adaptermill.serving.chat.Completion;
import io.adaptermill.serving.chat.RefusedRequest;
import io.adaptermill.serving.engine.Ticket;
import io.adaptermill.serving.runtime.Lease;
import io.adaptermill.serving.swap.Served;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One answer from its lease to its event. Lives on the request's virtual thread.
final class Answering {
    static final String VERSION_HEADER = "Adaptermill-Adapter";

    private final ServingNode node;
    private final ChatRequest request;
    private final InferenceId id;
    private final Optional<TenantId> tenant;
    private final Served served;
    private final Ticket ticket;
    private final AnswerHead head;
    private final long arrivedNanos = System.nanoTime();
    private boolean started;

    /// Hands the request to the decode loop; the lease goes back when the engine is done with it.
    Answering(ServingNode node, ChatRequest request, InferenceId id, Optional<TenantId> tenant, Optional<Lease> lease) {
        this.node = node;
        this.request = request;
        this.id = id;
        this.tenant = tenant;
        this.served = lease.map(Lease::served).orElse(Served.BASE);
        this.head = new AnswerHead(id.value(), Instant.now().getEpochSecond(), request.model(), served.label());
        this.ticket = new Ticket(
                owner(), request.generation(), lease.flatMap(Lease::weights), () -> lease.ifPresent(Lease::close));
        submit(lease);
    }

    Response whole() throws InterruptedException {
        while (true) {
            switch (next()) {
                case Ticket.Piece.Text _ -> {}
                case Ticket.Piece.Done(GenerationResult result) -> {
                    finished(result);
                    return answer(MediaType.APPLICATION_JSON)
                            .entity(Completion.of(head, result))
                            .build();
                }
                case Ticket.Piece.Failed(RuntimeException cause) -> throw refusal(cause);
            }
        }
    }

    /// Waits for the first piece, so that a request that cannot be answered still gets a proper status.
    Response streamed() throws InterruptedException {
        Ticket.Piece first = next();
        if (first instanceof Ticket.Piece.Failed(RuntimeException cause)) throw refusal(cause);
        return answer(MediaType.SERVER_SENT_EVENTS)
                .header("Cache-Control", "no-cache")
                .entity(new EventStream(this, head, request.includeUsage(), first))
                .build();
    }

    Ticket.Piece next() throws InterruptedException {
        Ticket.Piece piece = ticket.next();
        if (!started) node.metrics().firstText(sinceArrival());
        started = true;
        return piece;
    }

    void cancel() {
        ticket.cancel();
    }

    void finished(GenerationResult result) {
        node.metrics().answered(owner(), result, sinceArrival());
        tenant.ifPresent(owner -> node.events()
                .publish(
                        Topics.INFERENCE_SERVED,
                        owner,
                        EventIds.of(id, "served"),
                        new InferenceServed(
                                id,
                                request.generation().prompt(),
                                result.text(),
                                served.version(),
                                result.promptTokens(),
                                result.completionTokens(),
                                node.replica())));
    }

    static RefusedRequest refusal(RuntimeException cause) {
        return new RefusedRequest(
                cause instanceof ContextExceeded
                        ? ChatProblem.invalid(
                                "messages",
                                "context_length_exceeded",
                                String.valueOf(cause.getMessage()),
                                "drop the oldest turns")
                        : ChatProblem.broken());
    }

    private void submit(Optional<Lease> lease) {
        try {
            node.submit(ticket);
        } catch (RuntimeException e) {
            lease.ifPresent(Lease::close);
            throw e;
        }
    }

    private Response.ResponseBuilder answer(String mediaType) {
        return Response.ok().type(mediaType).header(VERSION_HEADER, served.label());
    }

    private String owner() {
        return tenant.map(TenantId::value).orElse("");
    }

    private Duration sinceArrival() {
        return Duration.ofNanos(System.nanoTime() - arrivedNanos);
    }
}
