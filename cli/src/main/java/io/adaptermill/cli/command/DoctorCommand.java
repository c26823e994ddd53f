package io.adaptermill.cli.command;

import io.adaptermill.cli.Exit;
import io.adaptermill.cli.model.ModelFetch;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.cli.terminal.Terminal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `doctor`: looks for what would go wrong later.
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Check this machine: Java, disk, memory, model, services. Each trouble comes with its remedy.",
        footer = {"", "Exits 1 if something will not work.", "Examples:", "  ./adaptermill doctor"})
final class DoctorCommand implements Callable<Integer> {
    private static final long GIB = 1L << 30;
    private final Session session;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    DoctorCommand(Session session) {
        this.session = session;
    }

    /// One finding.
    ///
    /// @param state `ok`, `warn` or `bad`
    /// @param remedy empty if nothing is to be done
    record Finding(String state, String what, String remedy) {}

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>(
                List.of(java(), system(), cores(), memory(), disk(), model(), tool("setsid"), tool("python3")));
        for (Service service : Service.values()) findings.add(built(service));
        findings.add(stack());
        if (output == Output.JSON) session.terminal().line(Output.pretty(findings));
        else findings.forEach(this::print);
        return findings.stream().anyMatch(f -> f.state().equals("bad")) ? Exit.FAILED : Exit.DONE;
    }

    private void print(Finding finding) {
        Terminal terminal = session.terminal();
        String state = String.format("%-5s", finding.state());
        String coloured = finding.state().equals("ok") ? terminal.good(state) : terminal.bad(state);
        String remedy = finding.remedy().isEmpty() ? "" : "   Fix: " + finding.remedy();
        terminal.line(coloured + finding.what() + remedy);
    }

    private static Finding judged(boolean good, String otherwise, String what, String remedy) {
        return good ? new Finding("ok", what, "") : new Finding(otherwise, what, remedy);
    }

    private static Finding java() {
        return new Finding("ok", "Java " + Runtime.version() + " at " + System.getProperty("java.home"), "");
    }

    private static Finding system() {
        String name = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        return judged(
                name.equals("Linux amd64"),
                "bad",
                name,
                "the training kernels are built for Linux on x86-64; use such a machine or a container");
    }

    private static Finding cores() {
        int cores = Runtime.getRuntime().availableProcessors();
        return judged(cores >= 2, "warn", cores + " cores", "expect everything to take longer than said");
    }

    private static Finding memory() {
        long bytes = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize();
        return judged(
                bytes >= 6 * GIB,
                "warn",
                "memory " + bytes / GIB + " GiB",
                "the stack needs about 6 GiB; stop other programs");
    }

    private Finding disk() {
        try {
            long free = Files.getFileStore(session.root()).getUsableSpace();
            return judged(
                    free >= 5 * GIB, "warn", "disk " + free / GIB + " GiB free", "free some: a run needs about 2 GiB");
        } catch (IOException e) {
            return new Finding("bad", "disk cannot be looked at: " + e.getMessage(), "check the folder's rights");
        }
    }

    private static Finding model() {
        return new ModelFetch(ModelFetch.cacheFolder())
                .cached(ModelFetch.From.ANY)
                .map(found -> new Finding("ok", "base model at " + found.path(), ""))
                .orElseGet(() -> new Finding("warn", "base model not fetched yet", "./adaptermill model"));
    }

    private static Finding tool(String name) {
        boolean found = java.util.Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(name)));
        String remedy = name.equals("setsid")
                ? "install util-linux; without it Ctrl-C stops services in no order"
                : "install python3 with pip, needed where the Hugging Face hub does not answer";
        return judged(found, "warn", name + (found ? "" : " not found"), remedy);
    }

    private Finding built(Service service) {
        Path target = session.root().resolve(service.module()).resolve("target");
        Path program =
                service == Service.BROKER ? target.resolve("lib") : target.resolve("quarkus-app/quarkus-run.jar");
        return judged(Files.exists(program), "bad", service.module() + " built", "./adaptermill build");
    }

    private Finding stack() {
        return session.stackIfAny()
                .map(state -> new Finding("ok", "local stack runs: Kafka at " + state.kafka(), ""))
                .orElseGet(() -> new Finding("ok", "no local stack runs", ""));
    }
}
