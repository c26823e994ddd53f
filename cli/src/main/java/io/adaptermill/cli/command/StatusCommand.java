package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.stack.Child;
import io.adaptermill.cli.stack.Health;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.cli.stack.StackState;
import io.adaptermill.cli.stack.Waiting;
import io.adaptermill.cli.terminal.Table;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `status`: which programs of the stack run, and whether they are ready.
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show the local stack: what runs, where, and whether it is ready.",
        footer = {
            "",
            "Exits 0 if all is ready, 1 if not, 5 if nothing runs here.",
            "Examples:",
            "  ./adaptermill status",
            "  ./adaptermill status --exit-when-healthy --timeout 60 --output json"
        })
final class StatusCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--exit-when-healthy", description = "Wait until all is ready.")
    private boolean exitWhenHealthy;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long to wait (default ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    StatusCommand(Session session) {
        this.session = session;
    }

    /// One program as it is now.
    record Line(String service, String address, long pid, String state, String log) {}

    @Override
    public Integer call() {
        StackState state = session.stack();
        boolean ready;
        try (Health health = new Health()) {
            ready = exitWhenHealthy
                    ? Waiting.until(
                            Duration.ofSeconds(timeoutSeconds),
                            () -> lines(state, health).stream().allMatch(StatusCommand::ready))
                    : lines(state, health).stream().allMatch(StatusCommand::ready);
            print(lines(state, health));
        }
        if (!ready && exitWhenHealthy) {
            throw new CommandFailure(
                    Exit.TIMED_OUT,
                    "Not everything was ready after " + timeoutSeconds + " s.",
                    "read the log of what is not ready");
        }
        return ready ? Exit.DONE : Exit.FAILED;
    }

    private static boolean ready(Line line) {
        return line.state().equals("ready");
    }

    private static List<Line> lines(StackState state, Health health) {
        return state.children().stream()
                .map(child -> line(state, child, health))
                .toList();
    }

    private static Line line(StackState state, Child child, Health health) {
        String condition =
                !child.alive() ? "gone" : health.ready(child.service(), child.port()) ? "ready" : "not ready";
        String address = child.service() == Service.BROKER
                ? state.kafka()
                : state.url(child.service()).toString();
        return new Line(
                child.service().module(),
                address,
                child.pid(),
                condition,
                child.log().toString());
    }

    private void print(List<Line> lines) {
        Table table = new Table("SERVICE", "STATE", "ADDRESS", "PID", "LOG");
        lines.forEach(line -> table.row(line.service(), line.state(), line.address(), "" + line.pid(), line.log()));
        output.print(session.terminal(), table, lines);
    }
}
