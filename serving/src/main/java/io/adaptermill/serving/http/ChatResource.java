package io.adaptermill.serving.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.serving.NodeSettings;
import io.adaptermill.serving.ServingNode;
import io.adaptermill.serving.canary.Conversation;
import io.adaptermill.serving.chat.ChatProblem;
import io.adaptermill.serving.chat.ChatReader;
import io.adaptermill.serving.chat.ChatRequest;
import io.adaptermill.serving.chat.ModelName;
import io.adaptermill.serving.chat.RefusedRequest;
import io.adaptermill.serving.engine.EngineBusy;
import io.adaptermill.serving.runtime.Lease;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `POST /v1/chat/completions`: read, admit, take a lease, decode, answer.
@Singleton
@Path("/v1/chat/completions")
public final class ChatResource {
    /// Names the conversation that a request belongs to; without it the first user message does.
    static final String CONVERSATION_HEADER = "Adaptermill-Conversation";

    private static final JsonMapper JSON = EventJson.mapper();

    private final ServingNode node;
    private final NodeSettings settings;
    private final SecureRandom random = new SecureRandom();

    public ChatResource(ServingNode node, NodeSettings settings) {
        this.node = node;
        this.settings = settings;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @RunOnVirtualThread
    public Response complete(
            byte @Nullable [] body,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(CONVERSATION_HEADER) @Nullable String conversation)
            throws InterruptedException {
        if (!node.isReady()) throw new EngineBusy("this replica is not ready yet");
        ChatRequest request = ChatReader.read(parse(body), random.nextLong());
        Optional<TenantId> tenant =
                Admission.admit(node.tenants(), Admission.bearer(authorization), request.name(), settings.open());
        Conversation asked = Conversation.of(
                Optional.ofNullable(conversation), request.generation().prompt());
        Answering answering = new Answering(node, request, newId(), tenant, lease(request.name(), asked));
        return request.stream() ? answering.streamed() : answering.whole();
    }

    private static JsonNode parse(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            throw new RefusedRequest(ChatProblem.unreadable("the body is empty"));
        }
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new RefusedRequest(ChatProblem.unreadable("the body is not JSON: " + e.getOriginalMessage()));
        } catch (IOException e) {
            throw new RefusedRequest(ChatProblem.unreadable("the body is not JSON in UTF-8"));
        }
    }

    private Optional<Lease> lease(ModelName name, Conversation conversation) {
        return switch (name) {
            case ModelName.Base() -> Optional.empty();
            case ModelName.Tenant(TenantId tenant) -> Optional.of(node.lease(tenant, conversation));
            case ModelName.Pinned pinned ->
                Optional.of(node.lease(pinned.version())
                        .orElseThrow(() -> new RefusedRequest(ChatProblem.noSuchModel(
                                pinned.version().toString(),
                                "ask for " + pinned.version().tenant()
                                        + ", whose approved version answers; GET /v1/models names it"))));
        };
    }

    private InferenceId newId() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return new InferenceId("chatcmpl-" + HexFormat.of().formatHex(bytes));
    }
}
