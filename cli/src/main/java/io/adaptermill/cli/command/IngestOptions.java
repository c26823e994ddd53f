package io.adaptermill.cli.command;

import io.adaptermill.cli.client.IngestClient;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.schemas.id.TenantId;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where feedback is sent, and as whom; the same for every command that sends some.
final class IngestOptions {
    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "API key (default: ADAPTERMILL_API_KEY, then this user's).")
    private @Nullable String key;

    @Option(names = "--server", paramLabel = "URL", description = "Ingest (default: the local stack's).")
    private @Nullable URI server;

    IngestClient connect(Session session, TenantId tenant) {
        String apiKey = session.apiKey(Optional.ofNullable(key), tenant);
        return new IngestClient(server != null ? server : session.stack().url(Service.INGEST), apiKey);
    }
}
