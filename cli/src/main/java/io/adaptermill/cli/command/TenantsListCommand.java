package io.adaptermill.cli.command;

import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.Journey;
import io.adaptermill.cli.promises.Entry;
import io.adaptermill.cli.promises.Quarantined;
import io.adaptermill.cli.terminal.Table;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tenants ls`: who is registered and how far each one is.
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "List the tenants, their feedback and what serves them.",
        footer = {"", "Examples:", "  ./adaptermill tenants ls", "  ./adaptermill tenants ls --output json"})
final class TenantsListCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers (default: the local stack's).")
    private @Nullable String kafka;

    TenantsListCommand(Session session) {
        this.session = session;
    }

    /// One tenant as it is now.
    ///
    /// @param waiting feedback that is in no batch, not held out, not in quarantine and not refused yet
    /// @param undecided batches without a decision on their version, and without a failed training
    record Line(
            String tenant,
            long feedback,
            long waiting,
            long batches,
            long undecided,
            String serves,
            String lastDecision,
            TenantPolicy policy) {}

    @Override
    public Integer call() {
        try (Journey journey = session.journey(session.kafka(Optional.ofNullable(kafka)))) {
            Map<String, TenantPolicy> policies = new TreeMap<>();
            journey.policies().forEach(entry -> policies.put(entry.tenant().value(), entry.event()));
            List<Line> lines = policies.entrySet().stream()
                    .map(entry -> line(new TenantId(entry.getKey()), entry.getValue(), journey))
                    .toList();
            Table table = new Table("TENANT", "FEEDBACK", "WAITING", "BATCHES", "UNDECIDED", "SERVES", "LAST DECISION");
            lines.forEach(line -> table.row(
                    line.tenant(),
                    "" + line.feedback(),
                    "" + line.waiting(),
                    "" + line.batches(),
                    "" + line.undecided(),
                    line.serves(),
                    line.lastDecision()));
            output.print(session.terminal(), table, lines);
        }
        return Exit.DONE;
    }

    private static Line line(TenantId tenant, TenantPolicy policy, Journey journey) {
        String serves = of(journey.serving(), tenant)
                .map(event -> event.champion().version().toString())
                .orElse("base model");
        String decision =
                of(journey.decided(), tenant).map(TenantsListCommand::words).orElse("-");
        long received = count(journey.received(), tenant);
        long batches = count(journey.batches(), tenant);
        return new Line(
                tenant.value(),
                received,
                received - placed(journey, tenant),
                batches,
                batches - count(journey.decided(), tenant) - count(journey.failed(), tenant),
                serves,
                decision,
                policy);
    }

    private static long placed(Journey journey, TenantId tenant) {
        long batched = journey.batches().stream()
                .filter(entry -> entry.tenant().equals(tenant))
                .mapToLong(entry -> entry.event().items().size())
                .sum();
        long quarantined = count(
                Quarantined.waiting(journey.quarantined(), journey.batches(), journey.heldOut(), journey.refused()),
                tenant);
        return batched + quarantined + count(journey.heldOut(), tenant) + count(journey.refused(), tenant);
    }

    private static String words(PromotionDecided decision) {
        return decision.version() + " " + decision.outcome().name().toLowerCase(java.util.Locale.ROOT);
    }

    private static <E extends io.adaptermill.schemas.event.Event> Optional<E> of(
            List<Entry<E>> entries, TenantId tenant) {
        return entries.reversed().stream()
                .filter(entry -> entry.tenant().equals(tenant))
                .map(Entry::event)
                .findFirst();
    }

    private static <E extends io.adaptermill.schemas.event.Event> long count(List<Entry<E>> entries, TenantId tenant) {
        return entries.stream().filter(entry -> entry.tenant().equals(tenant)).count();
    }
}
