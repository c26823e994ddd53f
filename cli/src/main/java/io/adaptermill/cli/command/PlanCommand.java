package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.planning.PlanReport;
import io.adaptermill.cli.stack.EngineProcess;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `plan`: whether a base model can be trained on in so much memory, before anybody buys or waits.
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Say whether a model can be trained on in so much memory, line by line, with the fastest setting that fits.",
            "Only its configuration is read. Ends with 0 if it fits, 1 if not."
        },
        footer = {
            "",
            "Examples:",
            "  ./adaptermill plan --model llama-65b/config.json --gpu 48GiB --rank 64",
            "  ./adaptermill plan --model SmolLM2-135M-Instruct.Q4_1.gguf --memory 2GiB --sequences 8 --tokens 128"
        })
final class PlanCommand implements Callable<Integer> {
    private final Session session;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "PATH",
            description = "A config.json, a Hugging Face folder, or a GGUF file.")
    private Path model = Path.of("");

    @Option(names = "--gpu", paramLabel = "SIZE", description = "Memory of the card, such as 48GiB.")
    private @Nullable String gpu;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Memory for a run without a card, such as 2GiB.")
    private @Nullable String memory;

    @Option(
            names = "--storage",
            paramLabel = "FORM",
            description = "How linears are kept: f32, bf16, int8, nf4, nf4+dq, fp4, fp4+dq, or a block of GGUF such as"
                    + " q4_1 or q4_k (default: a GGUF file's name, else nf4+dq).")
    private @Nullable String storage;

    @Option(names = "--rank", paramLabel = "N", defaultValue = "8", description = "Of every update (default 8).")
    private int rank = 8;

    @Option(
            names = "--sequences",
            paramLabel = "N",
            defaultValue = "1",
            description = "That go through together (default 1).")
    private int sequences = 1;

    @Option(names = "--tokens", paramLabel = "N", defaultValue = "512", description = "Of each (default 512).")
    private int tokens = 512;

    PlanCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if ((gpu == null) == (memory == null)) {
            throw new CommandFailure(Exit.USAGE, "Name --gpu or --memory.", "./adaptermill plan --help");
        }
        if (!EngineProcess.isHere()) {
            CommandSpec root = Objects.requireNonNull(spec).root();
            return EngineProcess.run(
                    session.root(), root.commandLine().getParseResult().originalArgs());
        }
        try {
            PlanReport report =
                    PlanReport.of(model, gpu, memory, storage, new PlanReport.Work(rank, sequences, tokens));
            report.lines().forEach(session.terminal()::line);
            return report.fits() ? Exit.DONE : Exit.FAILED;
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(Exit.USAGE, e.getMessage() + ".", "./adaptermill plan --help", e);
        }
    }
}
