package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.demo.Demo;
import io.adaptermill.cli.demo.DemoData;
import io.adaptermill.cli.demo.DemoReport;
import io.adaptermill.cli.demo.DemoStory;
import io.adaptermill.cli.demo.DemoTenant;
import io.adaptermill.cli.model.FetchedModel;
import io.adaptermill.cli.stack.LocalStack;
import io.adaptermill.cli.stack.Ports;
import io.adaptermill.cli.stack.StackConfig;
import io.adaptermill.cli.terminal.LiveLine;
import io.adaptermill.cli.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `demo`: everything, once, in front of one's eyes.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "The whole journey on this machine: a Kafka broker and five services as processes, three tenants'",
            "feedback, training on a real language model, the gate, the hot swap under load, a trainer killed",
            "in the middle; at the end all promises are checked. Exits 0 only if each was kept."
        },
        footer = {
            "",
            "Examples:",
            "  ./adaptermill demo",
            "  ./adaptermill demo --keep",
            "  ./adaptermill demo --data feedback.jsonl --json report.json"
        })
final class DemoCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--model", paramLabel = "PATH", description = "GGUF file or Hugging Face folder of the base model.")
    private @Nullable Path model;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "Feedback of your own for the first tenant, in any format that import reads.")
    private @Nullable Path data;

    @Option(
            names = "--data-max",
            paramLabel = "N",
            description = "Take at most so many of its events (default ${DEFAULT-VALUE}).")
    private int dataMax = 96;

    @Option(names = "--json", paramLabel = "FILE", description = "Write every figure there.")
    private @Nullable Path json;

    @Option(names = "--keep", description = "Leave everything running afterwards; ./adaptermill down stops it.")
    private boolean keep;

    DemoCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (session.stackIfAny().isPresent()) {
            throw new CommandFailure(
                    Exit.FAILED, "A local stack runs here already; two would starve each other.", "./adaptermill down");
        }
        Terminal terminal = session.terminal();
        int buildSeconds = Integer.parseInt(System.getenv().getOrDefault("ADAPTERMILL_BUILD_SECONDS", "0"));
        Instant started = Instant.now().minusSeconds(buildSeconds);
        terminal.line(label(1, "Build") + (buildSeconds > 0 ? "ok " + buildSeconds + " s" : "ok, nothing changed"));
        List<DemoTenant> tenants = DemoData.load(Optional.ofNullable(data), dataMax);
        FetchedModel fetched = ModelCommand.fetch(terminal, Optional.ofNullable(model));
        LocalStack stack = new LocalStack(config(started, fetched));
        Thread stopper = new Thread(stack::close, "stop-stack");
        Runtime.getRuntime().addShutdownHook(stopper);
        DemoReport report = run(stack, tenants, fetched, started, Duration.ofSeconds(buildSeconds));
        if (json != null) write(json, report);
        if (keep) keep(stack, stopper, tenants, started);
        else tidy(stack);
        finish(stack, report);
        return report.kept() ? Exit.DONE : Exit.FAILED;
    }

    private StackConfig config(Instant started, FetchedModel fetched) {
        String name = "demo-"
                + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                        .withZone(ZoneOffset.UTC)
                        .format(started);
        return new StackConfig(
                session.root(),
                session.root().resolve(".adaptermill").resolve(name),
                fetched.path(),
                Ports.free(false),
                Runtime.getRuntime().availableProcessors());
    }

    private DemoReport run(
            LocalStack stack, List<DemoTenant> tenants, FetchedModel fetched, Instant started, Duration build) {
        Terminal terminal = session.terminal();
        StackStart start = new StackStart(stack, new LiveLine(terminal));
        Duration broker = start.broker(label(2, "Broker"));
        Duration services = start.services(label(2, "Services"));
        try (Demo demo = new Demo(stack, tenants, terminal)) {
            DemoStory story = new DemoStory(demo, terminal, started);
            story.took("build", build);
            story.took("broker", broker);
            story.took("services", services);
            return story.run(fetched.source());
        }
    }

    private void keep(LocalStack stack, Thread stopper, List<DemoTenant> tenants, Instant started) {
        tenants.forEach(tenant -> session.keys().put(tenant.tenant(), tenant.apiKey()));
        stack.state(started).write(session.root());
        Runtime.getRuntime().removeShutdownHook(stopper);
    }

    /// Adapters, logs and the clients' log stay; a broker's files are of no use without a broker.
    private static void tidy(LocalStack stack) {
        stack.close();
        DownCommand.delete(stack.config().folder().resolve("kafka"));
        DownCommand.delete(stack.config().folder().resolve("state"));
    }

    private void finish(LocalStack stack, DemoReport report) {
        Terminal terminal = session.terminal();
        terminal.line("Adapters and logs: " + stack.config().folder());
        if (json != null) terminal.line("Report: " + json);
        if (keep) {
            terminal.line(
                    "Next: ./adaptermill chat acme   ./adaptermill adapters ls   ./adaptermill adapters show acme@1");
            terminal.line("      ./adaptermill down stops it");
        } else {
            terminal.line("Next: ./adaptermill demo --keep, then ./adaptermill chat acme");
        }
        if (!report.kept()) terminal.trouble(terminal.bad("x ") + "A promise was broken; see above.");
    }

    private static void write(Path file, DemoReport report) {
        try {
            Files.writeString(file, Output.pretty(report));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String label(int step, String name) {
        return String.format("[%d/6] %-12s ", step, name);
    }
}
