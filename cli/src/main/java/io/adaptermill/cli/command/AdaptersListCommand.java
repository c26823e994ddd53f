package io.adaptermill.cli.command;

import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.Journey;
import io.adaptermill.cli.client.Version;
import io.adaptermill.cli.terminal.Table;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `adapters ls`: all versions, their verdicts and what serves.
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "List adapter versions: how they trained, what the gate said, which one serves.",
        footer = {
            "",
            "Examples:",
            "  ./adaptermill adapters ls",
            "  ./adaptermill adapters ls --tenant acme --output json"
        })
final class AdaptersListCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only this tenant's.")
    private @Nullable String tenant;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers (default: the local stack's).")
    private @Nullable String kafka;

    AdaptersListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<Version> versions;
        try (Journey journey = session.journey(session.kafka(Optional.ofNullable(kafka)))) {
            versions = Version.all(journey).stream()
                    .filter(version ->
                            tenant == null || version.version().tenant().value().equals(tenant))
                    .toList();
        }
        Table table = new Table("VERSION", "STATE", "EXAMPLES", "LOSS", "IMPROVEMENT", "N", "VERDICT");
        for (Version version : versions) {
            table.row(
                    version.version().toString(),
                    version.state(),
                    "" + version.examples(),
                    version.loss(),
                    version.improvement(),
                    version.n(),
                    version.verdict());
        }
        output.print(session.terminal(), table, versions);
        return Exit.DONE;
    }
}
