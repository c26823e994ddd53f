package io.adaptermill.serving.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.serving.NodeSettings;
import io.adaptermill.serving.ServingNode;
import io.adaptermill.serving.chat.ModelName;
import io.adaptermill.serving.swap.Served;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `GET /v1/models`: the base model, and what answers for each tenant the caller may ask about.
@Singleton
@Path("/v1/models")
public final class ModelsResource {
    private final ServingNode node;
    private final NodeSettings settings;

    public ModelsResource(ServingNode node, NodeSettings settings) {
        this.node = node;
        this.settings = settings;
    }

    public record Models(String object, List<Model> data) {}

    /// @param answeredBy the version behind the name now: `acme@7` or `base`
    public record Model(
            String id,
            String object,
            long created,
            @JsonProperty("owned_by") String ownedBy,
            @JsonProperty("answered_by") String answeredBy) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Models models(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        Optional<TenantId> caller =
                Admission.admit(node.tenants(), Admission.bearer(authorization), new ModelName.Base(), settings.open());
        Map<TenantId, Served> served = node.served();
        Stream<Model> tenants = node.tenants().registered().stream()
                .filter(tenant -> caller.isEmpty() || caller.get().equals(tenant))
                .sorted((a, b) -> a.value().compareTo(b.value()))
                .flatMap(tenant -> of(tenant, served.getOrDefault(tenant, Served.BASE)));
        Model base = new Model(ModelName.BASE, "model", 0, "adaptermill", Served.BASE.label());
        return new Models("list", Stream.concat(Stream.of(base), tenants).toList());
    }

    private static Stream<Model> of(TenantId tenant, Served served) {
        Model champion = new Model(tenant.value(), "model", 0, tenant.value(), served.label());
        return served.version().isEmpty()
                ? Stream.of(champion)
                : Stream.of(champion, new Model(served.label(), "model", 0, tenant.value(), served.label()));
    }
}
