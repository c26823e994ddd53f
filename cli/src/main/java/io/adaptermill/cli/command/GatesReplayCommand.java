package io.adaptermill.cli.command;

import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.Journey;
import io.adaptermill.cli.client.VerdictReplay;
import io.adaptermill.cli.terminal.Table;
import io.adaptermill.cli.terminal.Terminal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gates replay`: every recorded verdict again, from the log alone.
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Judge every recorded candidate again from the log alone; each verdict must come out the same.",
        footer = {"", "Examples:", "  ./adaptermill gates replay", "  ./adaptermill gates replay --output json"})
final class GatesReplayCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers (default: the local stack's).")
    private @Nullable String kafka;

    GatesReplayCommand(Session session) {
        this.session = session;
    }

    /// Exit 1 if a verdict is not what the log supports.
    @Override
    public Integer call() {
        List<VerdictReplay> replays;
        try (Journey journey = session.journey(session.kafka(Optional.ofNullable(kafka)))) {
            replays = VerdictReplay.all(journey.evaluated());
        }
        Table table = new Table("VERSION", "VERDICT", "TEST", "LEVEL", "EVIDENCE", "REPLAYED");
        for (VerdictReplay replay : replays) table.row(replay.cells());
        output.print(session.terminal(), table, replays);
        long different = replays.stream().filter(VerdictReplay::isDifferent).count();
        if (output == Output.TABLE) summarise(session.terminal(), replays, different);
        return different == 0 ? Exit.DONE : Exit.FAILED;
    }

    private static void summarise(Terminal terminal, List<VerdictReplay> replays, long different) {
        long same = replays.stream().filter(VerdictReplay::isSame).count();
        String text = same + " of " + replays.size() + " verdicts replay to the same, digit by digit";
        terminal.line(different == 0 ? terminal.good(text) : terminal.bad(text + "; " + different + " differ"));
    }
}
