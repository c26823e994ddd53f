package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.QuarantineDesk;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.event.QuarantineAnswered;
import io.adaptermill.schemas.event.QuarantineRequested;
import io.adaptermill.schemas.event.QuarantineRequested.Action;
import io.adaptermill.schemas.id.EventId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `quarantine release | discard`: a person's word, and ingest's answer to it.
@Command(mixinStandardHelpOptions = true)
final class QuarantineAskCommand implements Callable<Integer> {
    private static final long SECONDS_MAX = 20;
    private static final int EVENTS_A_REQUEST = 1_000;

    private final Session session;
    private final Action action;

    @Mixin
    private QuarantineOptions options = new QuarantineOptions();

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "EVENT", description = "The events' ids.")
    private List<String> events = new ArrayList<>();

    @Option(names = "--all", description = "All that --subject and --for leave.")
    private boolean all;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; kept for ever.")
    private String reason = "";

    @Option(names = "--by", paramLabel = "NAME", description = "Who asks (default: this user).")
    private String by = System.getProperty("user.name", "somebody");

    private QuarantineAskCommand(Session session, Action action) {
        this.session = session;
        this.action = action;
    }

    static List<CommandLine> both(Session session) {
        return List.of(
                of(session, Action.RELEASE, "Let quarantined feedback train, or be held out.", "acme order-4711-edit"),
                of(session, Action.DISCARD, "Refuse quarantined feedback.", "acme --all --subject bot-1"));
    }

    private static CommandLine of(Session session, Action action, String description, String example) {
        var command = new QuarantineAskCommand(session, action);
        return AskUsage.line(command, "quarantine", action.word(), description, example, "as looked at");
    }

    @Override
    public Integer call() {
        if (all != events.isEmpty() || options.isNarrowed() && !all) {
            throw new CommandFailure(
                    Exit.USAGE,
                    "Name events, or say --all, alone or with --subject and --for.",
                    "./adaptermill quarantine " + action.word() + " --help");
        }
        try (QuarantineDesk desk = options.desk(session)) {
            List<EventId> chosen = all
                    ? options.chosen(desk).stream()
                            .map(FeedbackQuarantined::event)
                            .toList()
                    : events.stream().map(EventId::new).toList();
            int exit = Exit.DONE;
            for (int from = 0; from < chosen.size(); from += EVENTS_A_REQUEST) {
                exit = Math.max(
                        exit, ask(desk, chosen.subList(from, Math.min(chosen.size(), from + EVENTS_A_REQUEST))));
            }
            if (chosen.isEmpty()) session.terminal().line("nothing waits there");
            return exit;
        }
    }

    private int ask(QuarantineDesk desk, List<EventId> some) {
        QuarantineAnswered answer = desk.ask(
                        options.tenant(), new QuarantineRequested(action, some, by, reason), SECONDS_MAX)
                .orElseThrow(() -> new CommandFailure(
                        Exit.TIMED_OUT,
                        "Ingest did not answer within " + SECONDS_MAX + " s; it will once it runs.",
                        "./adaptermill status   then ./adaptermill quarantine ls " + options.tenant()));
        session.terminal()
                .line(action.word() + ": " + answer.done().size() + " done, " + answer.left() + " still in quarantine");
        answer.unknown()
                .forEach(event -> session.terminal()
                        .trouble(session.terminal().bad("x ") + event + " is not in quarantine, or not any more"));
        return answer.unknown().isEmpty() ? Exit.DONE : Exit.NOT_FOUND;
    }
}
