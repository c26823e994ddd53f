package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.FeedbackSender;
import io.adaptermill.cli.client.IngestClient;
import io.adaptermill.cli.importer.ColumnMap;
import io.adaptermill.cli.importer.FeedbackFile;
import io.adaptermill.cli.importer.Row;
import io.adaptermill.cli.terminal.Bar;
import io.adaptermill.cli.terminal.LiveLine;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.id.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `feedback import`: a whole file, whatever its format.
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Send a file of feedback. Formats are recognised: OpenAI chat and preference, TRL prompt/completion,",
            "chosen/rejected and KTO, hh-rlhf, qa-feedback, Adaptermill's own; JSON lines, JSON arrays or CSV, also .gz.",
            "The same content gives the same event ids: importing again adds nothing."
        },
        footer = {
            "",
            "Examples:",
            "  ./adaptermill feedback import chats.jsonl --tenant acme",
            "  ./adaptermill feedback import pairs.jsonl.gz --tenant acme --limit 500",
            "  ./adaptermill feedback import answers.csv --tenant acme --map prompt=question,response=answer,thumb=vote",
            "  ./adaptermill feedback import any.json --tenant acme --dry-run"
        })
final class FeedbackImportCommand implements Callable<Integer> {
    private static final int BAR = 24;
    private final Session session;

    @Parameters(paramLabel = "FILE", description = "What to read.")
    private @Nullable Path file;

    @Option(names = "--tenant", required = true, paramLabel = "TENANT", description = "Whose feedback it is.")
    private @Nullable String tenant;

    @Option(names = "--map", paramLabel = "FIELD=COLUMN,…", description = "Which column holds what.")
    private @Nullable String map;

    @Option(names = "--limit", paramLabel = "N", description = "Send at most so many events.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--dry-run", description = "Read and count; send nothing.")
    private boolean dryRun;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    @Mixin
    private IngestOptions ingest = new IngestOptions();

    FeedbackImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        TenantId owner = Words.tenant(tenant);
        ImportCount count = new ImportCount();
        try (FeedbackFile rows = open()) {
            if (dryRun) {
                rows.forEach(row -> count.read(row, limit));
            } else {
                send(rows, owner, count);
            }
            count.formats(rows.formats());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        count.print(session.terminal(), output, dryRun);
        return count.accepted() > 0 || (dryRun && count.events() > 0) ? Exit.DONE : Exit.FAILED;
    }

    private FeedbackFile open() throws IOException {
        if (file == null || !Files.isReadable(file)) {
            throw new CommandFailure(Exit.NOT_FOUND, "No file can be read at " + file + ".", "check the path");
        }
        try {
            return FeedbackFile.open(file, Optional.ofNullable(map).map(ColumnMap::parse));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.USAGE,
                    "--map cannot be used: " + e.getMessage() + ".",
                    "./adaptermill feedback import --help",
                    e);
        }
    }

    private void send(FeedbackFile rows, TenantId owner, ImportCount count) throws IOException {
        LiveLine line = progress(session.terminal());
        long size = Files.size(java.util.Objects.requireNonNull(file));
        try (IngestClient client = ingest.connect(session, owner)) {
            FeedbackSender sender = new FeedbackSender(client, result -> {
                count.sent(result);
                line.update(Bar.of(rows.bytesRead(), size, BAR) + "  " + count.accepted() + " accepted, "
                        + count.refused() + " refused");
            });
            rows.forEach(row -> {
                if (count.read(row, limit) && row instanceof Row.Event event) sender.add(event.id(), event.feedback());
            });
            sender.flush();
        }
        line.finish(Bar.of(1, 1, BAR) + "  " + count.accepted() + " accepted, " + count.refused() + " refused");
    }

    private static LiveLine progress(Terminal terminal) {
        return new LiveLine(new Terminal(terminal.err(), terminal.err(), terminal.interactive(), terminal.coloured()));
    }
}
