package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.QuarantineDesk;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `quarantine show`: one event, whole.
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "A quarantined event, as it would train, and why it does not.",
        footer = {"", "Examples:", "  ./adaptermill quarantine show acme order-4711-edit"})
final class QuarantineShowCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private QuarantineOptions options = new QuarantineOptions();

    @Parameters(index = "1", paramLabel = "EVENT", description = "The event's id.")
    private String event = "";

    QuarantineShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (QuarantineDesk desk = options.desk(session)) {
            FeedbackQuarantined found = options.chosen(desk).stream()
                    .filter(each -> each.event().value().equals(event))
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure(
                            Exit.NOT_FOUND,
                            event + " is not in quarantine, or not any more.",
                            "./adaptermill quarantine ls " + options.tenant()
                                    + "   or where it went: ./adaptermill lineage " + event));
            session.terminal().line(Output.pretty(found));
        }
        return Exit.DONE;
    }
}
