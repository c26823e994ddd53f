package io.adaptermill.cli.command;

import io.adaptermill.cli.Exit;
import io.adaptermill.cli.terminal.Table;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.gates.simulation.CanaryRuns;
import io.adaptermill.gates.simulation.GateSimulation;
import io.adaptermill.gates.simulation.LiveRuns;
import io.adaptermill.gates.simulation.MixedSeries;
import io.adaptermill.gates.simulation.NullSeries;
import io.adaptermill.gates.simulation.Plan;
import io.adaptermill.gates.simulation.Power;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `simulate gates`: what the gates do over long series whose truth is known.
@Command(
        name = "gates",
        mixinStandardHelpOptions = true,
        description = "Run the gates over simulated tenants: false approvals, power, time to roll back.",
        footer = {
            "",
            "Examples:",
            "  ./adaptermill simulate gates",
            "  ./adaptermill simulate gates --series 100 --runs 100 --json gates.json"
        })
final class SimulateGatesCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--series", defaultValue = "1000", description = "Simulated tenants (default 1000).")
    private int series;

    @Option(names = "--candidates", defaultValue = "200", description = "Candidates of each (default 200).")
    private int candidates;

    @Option(names = "--runs", defaultValue = "1000", description = "Rated versions (default 1000).")
    private int runs;

    @Option(names = "--seed", defaultValue = "20260801", description = "The same seed gives the same figures.")
    private long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures to FILE too.")
    private @Nullable Path json;

    SimulateGatesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Plan usual = Plan.DEFAULT;
        GateSimulation simulation = GateSimulation.run(
                new Plan(seed, series, candidates, runs, usual.ratings(), usual.alpha(), usual.bound()));
        print(session.terminal(), simulation);
        if (json != null) write(json, Output.pretty(simulation));
        return Exit.DONE;
    }

    private static void print(Terminal terminal, GateSimulation simulation) {
        Plan plan = simulation.plan();
        terminal.line(terminal.strong("Candidates that are no better") + ": " + plan.series() + " tenants, "
                + plan.candidates() + " candidates each, error budget " + percent(plan.alpha()));
        Table nothing = new Table("HOLD-OUT", "RULE", "TENANTS WITH A FALSE APPROVAL", "FALSE APPROVALS EACH");
        for (NullSeries row : simulation.nothing()) {
            nothing.row(row.holdout(), row.rule(), percent(row.anyFalse()), number(row.falseApprovals()));
        }
        nothing.lines().forEach(terminal::line);
        terminal.line("");
        terminal.line(terminal.strong("One candidate in four is better") + ", the others are not");
        Table mixed = new Table("EFFECT", "RULE", "FALSE SHARE OF APPROVALS", "BETTER ONES APPROVED");
        for (MixedSeries row : simulation.mixed()) {
            mixed.row(number(row.effect()), row.rule(), percent(row.falseShare()), percent(row.found()));
        }
        mixed.lines().forEach(terminal::line);
        terminal.line("");
        printPower(terminal, simulation);
        printLive(terminal, simulation);
    }

    private static void printPower(Terminal terminal, GateSimulation simulation) {
        terminal.line(terminal.strong("Every candidate is better than its parent") + ", in nats per token");
        Table power = new Table(
                "EFFECT", "CLIP", "FIRST APPROVED", "BY A T-TEST", "CANDIDATES TO APPROVAL", "APPROVALS IN 50");
        for (Power row : simulation.power()) {
            power.row(
                    number(row.effect()),
                    number(row.bound()),
                    percent(row.firstApproved()),
                    percent(row.firstApprovedT()),
                    "" + row.candidatesToApproval(),
                    number(row.approvals()));
        }
        power.lines().forEach(terminal::line);
        terminal.line("");
    }

    private static void printLive(Terminal terminal, GateSimulation simulation) {
        terminal.line(terminal.strong("Live ratings") + ": " + simulation.plan().runs() + " versions, up to "
                + simulation.plan().ratings() + " ratings each, looked at after each");
        Table live = new Table("GOOD BEFORE", "RATINGS BEFORE", "GOOD NOW", "ROLLED BACK", "MEDIAN", "NINE IN TEN");
        for (LiveRuns row : simulation.live()) {
            live.row(
                    percent(row.goodBefore()),
                    "" + row.ratingsBefore(),
                    percent(row.good()),
                    percent(row.rolledBack()),
                    row.rolledBack() == 0 ? "-" : "" + row.ratingsMedian(),
                    row.rolledBack() == 0 ? "-" : "" + row.ratingsP90());
        }
        live.lines().forEach(terminal::line);
        terminal.line("");
        printCanaries(terminal, simulation);
    }

    private static void printCanaries(Terminal terminal, GateSimulation simulation) {
        terminal.line(terminal.strong("Canaries") + ": one conversation in ten, up to "
                + simulation.plan().ratings() + " ratings each, looked at after each");
        Table canaries = new Table("GOOD OF CHAMPION", "GOOD", "PROMOTED", "WITHDRAWN", "MEDIAN", "NINE IN TEN");
        for (CanaryRuns row : simulation.canaries()) {
            canaries.row(
                    percent(row.goodOfChampion()),
                    percent(row.good()),
                    percent(row.promoted()),
                    percent(row.withdrawn()),
                    "" + row.ratingsMedian(),
                    "" + row.ratingsP90());
        }
        canaries.lines().forEach(terminal::line);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
