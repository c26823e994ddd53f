package io.adaptermill.cli.command;

import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.QuarantineDesk;
import io.adaptermill.cli.terminal.Table;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.id.SubjectId;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `quarantine ls`: what waits for a person's word.
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "Feedback that looks like an attempt to steer the model, with the reason.",
        footer = {"", "Examples:", "  ./adaptermill quarantine ls acme --for near-duplicate"})
final class QuarantineListCommand implements Callable<Integer> {
    private static final int TEXT_MAX = 50;

    private final Session session;

    @Mixin
    private QuarantineOptions options = new QuarantineOptions();

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    QuarantineListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<FeedbackQuarantined> waiting;
        try (QuarantineDesk desk = options.desk(session)) {
            waiting = options.chosen(desk);
        }
        Table table = new Table("EVENT", "SUBJECT", "REASON", "SAYS");
        for (FeedbackQuarantined event : waiting) {
            table.row(
                    event.event().value(),
                    event.subject().map(SubjectId::value).orElse("-"),
                    event.reason().word(),
                    shortened(said(event.example())));
        }
        output.print(session.terminal(), table, waiting);
        return Exit.DONE;
    }

    private static String said(Example example) {
        return switch (example) {
            case Example.Demonstration it -> it.response();
            case Example.Edit it -> it.edited();
            case Example.Preference it -> it.chosen();
            case Example.Rating it -> (it.good() ? "good: " : "bad: ") + it.response();
        };
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= TEXT_MAX ? line : line.substring(0, TEXT_MAX) + "…";
    }
}
