package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.PromotionDesk;
import io.adaptermill.cli.terminal.Table;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.id.TenantId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `promotions ls`: what was decided about a tenant's versions, by whom and why.
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "List what was decided about a tenant's versions, by whom and why.",
        footer = {"", "Examples:", "  ./adaptermill promotions ls acme"})
final class PromotionsListCommand implements Callable<Integer> {
    private static final long SECONDS_MAX = 20;

    private final Session session;

    @Parameters(paramLabel = "TENANT", description = "Whose versions.")
    private @Nullable String tenant;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers (default: the local stack's).")
    private @Nullable String kafka;

    PromotionsListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        TenantId id = Words.tenant(tenant);
        String servers = session.kafka(Optional.ofNullable(kafka));
        List<PromotionDecided> decisions;
        try (PromotionDesk desk = PromotionDesk.open(servers, SECONDS_MAX)
                .orElseThrow(() -> new CommandFailure(
                        Exit.UNREACHABLE, "Kafka at " + servers + " could not be read.", "./adaptermill status"))) {
            decisions = desk.decisions(id);
        }
        Table table = new Table("VERSION", "OUTCOME", "BY", "SERVING BEFORE", "AFTER", "WHY");
        for (PromotionDecided decision : decisions) {
            table.row(
                    decision.version().toString(),
                    decision.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    decision.by().orElse("gates"),
                    named(decision.championBefore()),
                    named(decision.championAfter()),
                    decision.reason());
        }
        output.print(session.terminal(), table, decisions);
        return Exit.DONE;
    }

    private static String named(Optional<AdapterRef> champion) {
        return champion.map(ref -> ref.version().toString()).orElse("base");
    }
}
