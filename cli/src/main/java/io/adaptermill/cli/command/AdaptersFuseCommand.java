package io.adaptermill.cli.command;

import io.adaptermill.artifacts.exchange.PeftFolder;
import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.adapters.Demonstrations;
import io.adaptermill.cli.adapters.EngineWork;
import io.adaptermill.cli.adapters.NamedAdapter;
import io.adaptermill.cli.stack.EngineProcess;
import io.adaptermill.cli.terminal.LiveLine;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `adapters fuse`: trained adapters, weighted for a task that none of them was trained on.
@Command(
        name = "fuse",
        mixinStandardHelpOptions = true,
        description = {
            "Find weights of adapters that fit a few examples of a new task, without training; write the sum as a PEFT folder.",
            "The search is seeded; what does not help gets the weight 0."
        },
        footer = {
            "",
            "Examples:",
            "  ./adaptermill adapters fuse acme@7 globex@3 initech@2 --examples demonstrations.jsonl --to fused"
        })
final class AdaptersFuseCommand implements Callable<Integer> {
    private final Session session;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "ADAPTER", description = "Versions, digests, or folders.")
    private List<String> names = List.of();

    @Option(
            names = "--examples",
            required = true,
            paramLabel = "FILE",
            description = "Demonstrations, in any format that feedback import knows.")
    private @Nullable Path examples;

    @Option(names = "--evaluations", paramLabel = "N", description = "Weights tried (default 60).")
    private int evaluations = 60;

    @Option(names = "--l1", description = "Price of each unit of weight, in nats per token (default 0.05).")
    private double l1 = 0.05;

    @Option(names = "--seed", description = "Of the search (default 0).")
    private long seed;

    @Option(names = "--to", required = true, paramLabel = "FOLDER", description = "Where to write the PEFT folder.")
    private @Nullable Path to;

    @Option(names = "--model", paramLabel = "PATH", description = "The base model (default: the local stack's).")
    private @Nullable Path model;

    @Mixin
    private AdapterOptions options = new AdapterOptions();

    AdaptersFuseCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Path file = Objects.requireNonNull(examples);
        List<Demonstrations.Pair> pairs = Demonstrations.read(file);
        if (!EngineProcess.isHere()) {
            List<String> arguments = Objects.requireNonNull(spec)
                    .root()
                    .commandLine()
                    .getParseResult()
                    .originalArgs();
            return EngineProcess.run(session.root(), arguments);
        }
        return fuse(pairs);
    }

    private int fuse(List<Demonstrations.Pair> pairs) {
        List<NamedAdapter> adapters =
                names.stream().map(name -> options.adapter(session, name)).toList();
        LiveLine line = new LiveLine(session.terminal());
        EngineWork.Fused fused = EngineWork.fuse(
                adapters,
                pairs,
                new EngineWork.Search(evaluations, l1, seed),
                model == null ? session.stack().model() : model,
                loss -> line.update(String.format(Locale.ROOT, "%.4f nats per token", loss)));
        line.finish(
                String.format(Locale.ROOT, "%.4f nats per token; base model: %.4f", fused.loss(), fused.lossOfBase()));
        for (int i = 0; i < adapters.size(); i++) {
            session.terminal()
                    .line(String.format(
                            Locale.ROOT,
                            "%8.3f  %s",
                            fused.weights().get(i),
                            adapters.get(i).name()));
        }
        if (fused.adapter().isEmpty()) {
            throw new CommandFailure(Exit.FAILED, "None of them helps.", "name others, or give more examples");
        }
        try {
            PeftFolder.write(
                    fused.adapter().get(),
                    adapters.getFirst().base().map(base -> base.value()).orElse(""),
                    Objects.requireNonNull(to));
            return Exit.DONE;
        } catch (UncheckedIOException e) {
            throw new CommandFailure(
                    Exit.FAILED, e.getMessage() + ": " + e.getCause() + ".", "give a new folder with --to", e);
        }
    }
}
