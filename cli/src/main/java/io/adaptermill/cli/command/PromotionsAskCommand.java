package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.PromotionDesk;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionRequested;
import io.adaptermill.schemas.event.PromotionRequested.Action;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `promotions approve | reject | roll-back | pause | resume | pin`: one request, and the promoter's answer
/// to it.
@Command(mixinStandardHelpOptions = true)
final class PromotionsAskCommand implements Callable<Integer> {
    private static final String BASE = "base";
    private static final long SECONDS_MAX = 20;

    private final Session session;
    private final Action action;

    @Parameters(index = "0", paramLabel = "TENANT", description = "Whose versions.")
    private @Nullable String tenant;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NUMBER", description = "Of the version, such as 7.")
    private @Nullable Long number;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; kept for ever.")
    private String reason = "";

    @Option(names = "--by", paramLabel = "NAME", description = "Who asks (default: this user).")
    private String by = System.getProperty("user.name", "somebody");

    @Option(
            names = "--champion",
            paramLabel = "NUMBER",
            description = "What serves as far as you know, or base (default: what serves by the log).")
    private @Nullable String champion;

    @Option(names = "--dry-run", description = "Print the request and publish nothing.")
    private boolean dryRun;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers (default: the local stack's).")
    private @Nullable String kafka;

    private PromotionsAskCommand(Session session, Action action) {
        this.session = session;
        this.action = action;
    }

    static List<CommandLine> all(Session session) {
        return List.of(
                of(session, Action.APPROVE, "Let a candidate serve that its gates approved and that waits.", "acme 7"),
                of(session, Action.REJECT, "Leave a waiting candidate behind.", "acme 7"),
                of(session, Action.ROLL_BACK, "Let the version before serve again, or an earlier one.", "acme 5"),
                of(session, Action.PAUSE, "Let approved candidates wait for a person.", "acme"),
                of(session, Action.RESUME, "Let approved candidates serve by themselves again.", "acme"),
                of(session, Action.PIN, "Keep what serves, whatever gates and ratings say.", "acme"));
    }

    private static CommandLine of(Session session, Action action, String description, String example) {
        var command = new PromotionsAskCommand(session, action);
        return AskUsage.line(command, "promotions", action.word(), description, example, "as agreed");
    }

    @Override
    public Integer call() {
        TenantId id = Words.tenant(tenant);
        String servers = session.kafka(Optional.ofNullable(kafka));
        try (PromotionDesk desk = PromotionDesk.open(servers, SECONDS_MAX)
                .orElseThrow(() -> new CommandFailure(
                        Exit.UNREACHABLE, "Kafka at " + servers + " could not be read.", "./adaptermill status"))) {
            PromotionRequested request = request(id, desk);
            if (dryRun) {
                session.terminal().line(Output.pretty(request));
                return Exit.DONE;
            }
            return told(desk.ask(id, request, SECONDS_MAX)
                    .orElseThrow(() -> new CommandFailure(
                            Exit.TIMED_OUT,
                            "The promoter did not answer within " + SECONDS_MAX + " s; it will once it runs.",
                            "./adaptermill status   then ./adaptermill promotions ls " + id)));
        }
    }

    private PromotionRequested request(TenantId id, PromotionDesk desk) {
        try {
            return new PromotionRequested(
                    action,
                    Optional.ofNullable(number).map(n -> new VersionId(id, n)),
                    champion == null ? desk.champion(id) : known(id, champion),
                    by,
                    reason);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.USAGE, e.getMessage() + ".", "./adaptermill promotions " + action.word() + " --help", e);
        }
    }

    private static Optional<VersionId> known(TenantId id, String champion) {
        return champion.equals(BASE) ? Optional.empty() : Optional.of(new VersionId(id, Long.parseLong(champion)));
    }

    private int told(PromotionAnswered answer) {
        String waiting = answer.waiting().isEmpty()
                ? ""
                : ", waiting: "
                        + answer.waiting().stream().map(VersionId::toString).collect(Collectors.joining(", "));
        String standing =
                "serving: " + answer.champion().map(VersionId::toString).orElse("the base model") + ", "
                        + answer.mode().name().toLowerCase(java.util.Locale.ROOT) + waiting;
        if (answer.outcome() == PromotionAnswered.Outcome.DONE) {
            session.terminal().line(session.terminal().good(answer.reason()) + "   " + standing);
            return Exit.DONE;
        }
        session.terminal().trouble(session.terminal().bad("x ") + answer.reason() + "   " + standing);
        session.terminal().trouble("  Next: ./adaptermill promotions ls " + tenant);
        return Exit.GATE_SAID_NO;
    }
}
