package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.Journey;
import io.adaptermill.cli.client.LineageReader;
import io.adaptermill.cli.openlineage.OpenLineage;
import io.adaptermill.cli.openlineage.RunEvent;
import io.adaptermill.lineage.history.Lineage;
import io.adaptermill.lineage.history.LineageLog;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lineage`: from an answer back to the feedback behind it, and from feedback on to the answers it changed.
@Command(
        name = "lineage",
        mixinStandardHelpOptions = true,
        description = {
            "From an answer back to the feedback that taught it; from a feedback event on to the answers it is in.",
            "With --subject, everything that is here because of one person.",
            "With --openlineage, write every training, evaluation and promotion in the OpenLineage format."
        },
        footer = {
            "",
            "Examples:",
            "  ./adaptermill lineage acme@3",
            "  ./adaptermill lineage chatcmpl-42 --output json",
            "  ./adaptermill lineage my-event-7 --tenant acme",
            "  ./adaptermill lineage --subject user-17 --tenant acme",
            "  ./adaptermill lineage --openlineage runs.ndjson"
        })
final class LineageCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            paramLabel = "ID",
            arity = "0..1",
            description = "An answer's id, a feedback event's id, or a version such as acme@3.")
    private @Nullable String id;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Whose, where several tenants use the same id.")
    private @Nullable String tenant;

    @Option(
            names = "--subject",
            paramLabel = "SUBJECT",
            description = "A person, as the product names them; with --tenant.")
    private @Nullable String subject;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "8", description = "Entries of a list (default 8).")
    private int limit = 8;

    @Option(
            names = "--openlineage",
            paramLabel = "FILE",
            description = "Write OpenLineage run events, one JSON document a line.")
    private @Nullable Path openLineage;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "For reading the topics (default 60).")
    private int timeoutSeconds = 60;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers (default: the local stack's).")
    private @Nullable String kafka;

    LineageCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (id == null && subject == null && openLineage == null) {
            throw new CommandFailure(
                    Exit.USAGE,
                    "Name an answer, a feedback event, a version or a --subject.",
                    "./adaptermill lineage --help");
        }
        String servers = session.kafka(Optional.ofNullable(kafka));
        if (openLineage != null) export(servers, openLineage);
        Duration timeout = Duration.ofSeconds(timeoutSeconds);
        if (subject != null) show(person(LineageReader.read(servers, timeout), subject));
        if (id != null) show(lineage(LineageReader.read(servers, timeout), id));
        return Exit.DONE;
    }

    private Lineage person(LineageLog log, String name) {
        TenantId owner = Words.tenant(tenant);
        return log.of(owner, Words.subject(name))
                .orElseThrow(() -> new CommandFailure(
                        Exit.NOT_FOUND,
                        "Nothing is here because of subject " + name + " of " + owner + ".",
                        "check the spelling: subjects are what the product sends as data.subject"));
    }

    private Lineage lineage(LineageLog log, String name) {
        List<Lineage> found = found(log, name).stream()
                .filter(lineage -> tenant == null || lineage.tenant().value().equals(tenant))
                .toList();
        if (found.isEmpty()) {
            throw new CommandFailure(
                    Exit.NOT_FOUND,
                    "No answer, feedback event or version is called " + name + ".",
                    "./adaptermill adapters ls   or check --tenant; answers are kept for a month");
        }
        if (found.size() > 1) {
            throw new CommandFailure(
                    Exit.USAGE,
                    name + " names " + found.size() + " things, of tenants "
                            + found.stream().map(Lineage::tenant).toList() + ".",
                    "say whose with --tenant");
        }
        return found.getFirst();
    }

    private static List<Lineage> found(LineageLog log, String name) {
        try {
            VersionId version = VersionId.parse(name);
            Optional<Lineage> lineage = log.of(version);
            if (lineage.isPresent()) return List.of(lineage.get());
        } catch (IllegalArgumentException notOne) {
            // An event id may look like anything, an at sign included.
        }
        try {
            return log.named(name);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(Exit.USAGE, e.getMessage() + ".", "./adaptermill lineage --help", e);
        }
    }

    private void show(Lineage lineage) {
        switch (output) {
            case TABLE -> LineageText.of(lineage, limit).forEach(session.terminal()::line);
            case JSON -> session.terminal().line(Output.pretty(lineage));
        }
    }

    private void export(String servers, Path file) {
        List<RunEvent> runs;
        try (Journey journey = session.journey(servers)) {
            runs = OpenLineage.runs(
                    servers,
                    journey.batches(),
                    journey.trained(),
                    journey.failed(),
                    journey.evaluated(),
                    journey.decided());
        }
        List<String> lines = runs.stream()
                .map(run -> new String(EventJson.write(run), StandardCharsets.UTF_8))
                .toList();
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        session.terminal().line(runs.size() + " OpenLineage run events written to " + file);
    }
}
