package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.Journey;
import io.adaptermill.cli.policy.PolicyWriter;
import io.adaptermill.cli.promises.Entry;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tenants show`: a policy with every default spelled out, as the file that `tenants apply` reads.
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {
            "Print a tenant's policy with every default spelled out, or the defaults alone.",
            "What it prints is what `tenants apply --file` reads."
        },
        footer = {
            "",
            "Examples:",
            "  ./adaptermill tenants show acme > acme.yaml",
            "  ./adaptermill tenants show --comments",
            "  ./adaptermill tenants show acme --output json"
        })
final class TenantsShowCommand implements Callable<Integer> {
    private static final TenantId EXAMPLE = new TenantId("acme");

    private final Session session;

    @Parameters(paramLabel = "TENANT", arity = "0..1", description = "Whose (default: nobody's, the defaults).")
    private @Nullable String tenant;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "yaml",
            description = "${COMPLETION-CANDIDATES} (default yaml).")
    private Form output = Form.YAML;

    @Option(names = "--comments", description = "Say what each field is for and what it may be.")
    private boolean comments;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers (default: the local stack's).")
    private @Nullable String kafka;

    TenantsShowCommand(Session session) {
        this.session = session;
    }

    enum Form {
        YAML,
        JSON
    }

    @Override
    public Integer call() {
        TenantId id = tenant == null ? EXAMPLE : Words.tenant(tenant);
        TenantPolicy policy = tenant == null ? TenantPolicy.withDefaults(List.of()) : policy(id);
        switch (output) {
            case YAML -> PolicyWriter.write(id, policy, comments).lines().forEach(session.terminal()::line);
            case JSON -> session.terminal().line(Output.pretty(policy));
        }
        return Exit.DONE;
    }

    private TenantPolicy policy(TenantId id) {
        try (Journey journey = session.journey(session.kafka(Optional.ofNullable(kafka)))) {
            return journey.policies().reversed().stream()
                    .filter(entry -> entry.tenant().equals(id))
                    .map(Entry::event)
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure(
                            Exit.NOT_FOUND, "There is no tenant " + id + ".", "./adaptermill tenants ls"));
        }
    }
}
