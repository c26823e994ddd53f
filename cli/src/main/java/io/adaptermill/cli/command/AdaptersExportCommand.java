package io.adaptermill.cli.command;

import io.adaptermill.artifacts.exchange.PeftFolder;
import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.adapters.EngineWork;
import io.adaptermill.cli.adapters.NamedAdapter;
import io.adaptermill.cli.stack.EngineProcess;
import io.adaptermill.schemas.id.Digest;
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

/// `adapters export`: an adapter for somebody else's server.
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Write an adapter for another program.",
            "peft: as Hugging Face PEFT saves it. serving: one rank and one scale, for vLLM, SGLang and LoRAX, with a"
                    + " certificate that it answers as the original. gguf: for llama.cpp's --lora.",
            "model: the base model with the adapter in its weights, dense, as a Hugging Face folder, for engines that"
                    + " know no adapters."
        },
        footer = {
            "",
            "Examples:",
            "  ./adaptermill adapters export acme@7 --to acme-7",
            "  ./adaptermill adapters export acme@7 --format serving --rank-min 16 --to acme-7",
            "  ./adaptermill adapters export merged --format gguf --model base.gguf --to acme-7",
            "  ./adaptermill adapters export acme@7 --format model --bf16 --to acme-7-whole"
        })
final class AdaptersExportCommand implements Callable<Integer> {
    private final Session session;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "ADAPTER", description = "A version such as acme@7, a digest, or a folder.")
    private String name = "";

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES} (default peft).")
    private Format format = Format.PEFT;

    @Option(names = "--rank-min", description = "serving: pad to at least this rank (default 1).")
    private int rankMin = 1;

    @Option(names = "--to", required = true, paramLabel = "FOLDER", description = "Where to write it.")
    private @Nullable Path to;

    @Option(names = "--model", paramLabel = "PATH", description = "The base model (default: the local stack's).")
    private @Nullable Path model;

    @Option(names = "--bf16", description = "model: weights in bfloat16 instead of float32.")
    private boolean bf16;

    @Option(
            names = "--like",
            paramLabel = "FOLDER",
            description =
                    "model: whose configuration and tokenizer to copy (default: the base model, if it is a folder).")
    private @Nullable Path like;

    @Mixin
    private AdapterOptions options = new AdapterOptions();

    AdaptersExportCommand(Session session) {
        this.session = session;
    }

    /// What other programs read.
    enum Format {
        PEFT,
        SERVING,
        GGUF,
        MODEL
    }

    @Override
    public Integer call() {
        Path folder = Objects.requireNonNull(to);
        if (format != Format.PEFT && !EngineProcess.isHere()) {
            List<String> arguments = Objects.requireNonNull(spec)
                    .root()
                    .commandLine()
                    .getParseResult()
                    .originalArgs();
            return EngineProcess.run(session.root(), arguments);
        }
        NamedAdapter adapter = options.adapter(session, name);
        return switch (format) {
            case PEFT -> peft(adapter, folder);
            case SERVING -> serving(adapter, folder);
            case GGUF -> gguf(adapter, folder);
            case MODEL -> model(adapter, folder);
        };
    }

    private int peft(NamedAdapter adapter, Path folder) {
        try {
            PeftFolder.write(
                    adapter.adapter(), adapter.base().map(Digest::value).orElse(""), folder);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.FAILED, name + " is nothing that PEFT knows: " + e.getMessage() + ".", "export another", e);
        } catch (UncheckedIOException e) {
            throw new CommandFailure(
                    Exit.FAILED, e.getMessage() + ": " + e.getCause() + ".", "give a new folder with --to", e);
        }
        session.terminal().line(folder.toString());
        return Exit.DONE;
    }

    private int serving(NamedAdapter adapter, Path folder) {
        var certificate = EngineWork.forServing(adapter, rankMin, base(), folder);
        session.terminal()
                .line(String.format(
                        Locale.ROOT,
                        "%s: logits differ by at most %.2g over %d positions, the adapter's own effect is %.2g; %s",
                        folder,
                        certificate.differenceMax(),
                        certificate.positions(),
                        certificate.effectMax(),
                        certificate.holds() ? "certified" : "NOT the same adapter"));
        return certificate.holds() ? Exit.DONE : Exit.FAILED;
    }

    private int gguf(NamedAdapter adapter, Path folder) {
        session.terminal().line(EngineWork.forLlamaCpp(adapter, base(), folder).toString());
        return Exit.DONE;
    }

    private int model(NamedAdapter adapter, Path folder) {
        EngineWork.Whole whole = EngineWork.wholeModel(adapter, base(), like == null ? base() : like, bf16, folder);
        session.terminal()
                .line(String.format(
                        Locale.ROOT,
                        "%s: %d weights with the adapter in them; stored as the base is (%s) they would lose %.2g of what"
                                + " was learnt at worst, in %s%s",
                        folder,
                        whole.weights(),
                        whole.storage(),
                        whole.lost(),
                        whole.worst(),
                        whole.lost() >= 1 ? ": serve the adapter beside the base instead" : ""));
        return Exit.DONE;
    }

    private Path base() {
        return model == null ? session.stack().model() : model;
    }
}
