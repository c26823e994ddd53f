package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.Journey;
import io.adaptermill.cli.client.Version;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.event.GateResult;
import io.adaptermill.schemas.event.Measurement;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `adapters show`: one version, from the batch it learned from to the decision about it.
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Show one version: its batch, its training, its gates and their evidence, the decision.",
        footer = {
            "",
            "Examples:",
            "  ./adaptermill adapters show acme@1",
            "  ./adaptermill adapters show acme@1 --output json"
        })
final class AdaptersShowCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "VERSION", description = "Such as acme@1.")
    private @Nullable String name;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers (default: the local stack's).")
    private @Nullable String kafka;

    AdaptersShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        VersionId wanted = wanted();
        Version version;
        try (Journey journey = session.journey(session.kafka(Optional.ofNullable(kafka)))) {
            version = Version.all(journey).stream()
                    .filter(each -> each.version().equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure(
                            Exit.NOT_FOUND, "There is no version " + wanted + ".", "./adaptermill adapters ls"));
        }
        if (output == Output.JSON) session.terminal().line(Output.pretty(version));
        else print(session.terminal(), version);
        return Exit.DONE;
    }

    private VersionId wanted() {
        try {
            return VersionId.parse(name == null ? "" : name);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(Exit.USAGE, e.getMessage() + ".", "./adaptermill adapters ls", e);
        }
    }

    private static void print(Terminal terminal, Version version) {
        terminal.line(terminal.strong(version.version().toString()) + "  " + version.state());
        row(terminal, "artifact", version.trained().artifact().value());
        row(
                terminal,
                "parent",
                version.trained().parent().map(ref -> ref.version().toString()).orElse("base model"));
        row(
                terminal,
                "batch",
                version.trained().batch() + ", " + version.examples() + " examples"
                        + version.batch()
                                .map(batch ->
                                        ", closed by " + batch.reason().name().toLowerCase(Locale.ROOT))
                                .orElse(""));
        row(
                terminal,
                "training",
                version.trained().steps() + " steps, " + version.trained().tokens() + " tokens, loss "
                        + version.loss());
        version.evaluated().ifPresent(event -> {
            row(terminal, "verdict", version.verdict() + ": " + event.reason());
            gates(terminal, event.gates());
            measurements(terminal, event.measurements());
        });
        version.decided()
                .ifPresent(event -> row(
                        terminal, "decision", event.outcome().name().toLowerCase(Locale.ROOT) + ": " + event.reason()));
    }

    private static void gates(Terminal terminal, List<GateResult> gates) {
        gates.forEach(gate -> row(
                terminal,
                "gate",
                gate.gate() + " " + gate.outcome().name().toLowerCase(Locale.ROOT) + ": " + gate.reason()));
    }

    private static void measurements(Terminal terminal, List<Measurement> measurements) {
        measurements.forEach(measurement -> row(
                terminal,
                "measured",
                measurement.name() + " " + Version.words(measurement) + " " + measurement.unit() + " at "
                        + Math.round(measurement.confidence() * 100) + " %, n=" + measurement.n() + ", "
                        + measurement.method()));
    }

    private static void row(Terminal terminal, String name, String value) {
        terminal.line(String.format("  %-10s%s", name, value));
    }
}
