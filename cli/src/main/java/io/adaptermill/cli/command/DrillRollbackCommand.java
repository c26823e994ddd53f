package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.drill.RollbackDrill;
import io.adaptermill.cli.drill.RollbackFigures;
import io.adaptermill.cli.model.FetchedModel;
import io.adaptermill.cli.stack.LocalStack;
import io.adaptermill.cli.stack.Ports;
import io.adaptermill.cli.stack.StackConfig;
import io.adaptermill.cli.terminal.LiveLine;
import io.adaptermill.cli.terminal.Table;
import io.adaptermill.cli.terminal.Terminal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `drill rollback`: a bad version goes live on purpose, on a stack of its own.
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = {
            "Start a stack, let a ruined version serve by a person's word, and see how many ratings and how much",
            "time it takes until it is taken back; beside it a harmless version, which must stay.",
            "Exits 0 only if the one went, the other stayed, and serving moved within a second."
        },
        footer = {"", "Examples:", "  ./adaptermill drill rollback", "  ./adaptermill drill rollback --ratings 200"})
final class DrillRollbackCommand implements Callable<Integer> {
    private static final long SERVING_MILLIS_MAX = 1_000;

    private final Session session;

    @Option(names = "--model", paramLabel = "PATH", description = "GGUF file or Hugging Face folder of the base model.")
    private @Nullable Path model;

    @Option(names = "--before", defaultValue = "30", description = "Ratings of the base model first (default 30).")
    private int before;

    @Option(names = "--ratings", defaultValue = "60", description = "Ratings of a version at most (default 60).")
    private int ratings;

    @Option(names = "--seed", defaultValue = "1", description = "Of the order of questions (default 1).")
    private long seed;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    DrillRollbackCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (session.stackIfAny().isPresent()) {
            throw new CommandFailure(
                    Exit.FAILED, "A local stack runs here already; two would starve each other.", "./adaptermill down");
        }
        Terminal terminal = session.terminal();
        FetchedModel fetched = ModelCommand.fetch(terminal, Optional.ofNullable(model));
        StackConfig config = new StackConfig(
                session.root(),
                session.root()
                        .resolve(".adaptermill")
                        .resolve("drill-" + Instant.now().getEpochSecond()),
                fetched.path(),
                Ports.free(false),
                Runtime.getRuntime().availableProcessors());
        LocalStack stack = new LocalStack(config);
        Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stop-stack"));
        List<RollbackFigures> figures;
        new StackStart(stack, new LiveLine(terminal)).run();
        try (RollbackDrill drill =
                new RollbackDrill(config, new RollbackDrill.Plan(before, ratings, seed), terminal::line)) {
            figures = drill.run();
        }
        stack.close();
        DownCommand.delete(config.folder());
        output.print(terminal, table(figures), figures);
        return passed(figures) ? Exit.DONE : Exit.FAILED;
    }

    private static boolean passed(List<RollbackFigures> figures) {
        RollbackFigures worse = figures.getFirst();
        return worse.rolledBack()
                && worse.servingMillis() < SERVING_MILLIS_MAX
                && !figures.getLast().rolledBack();
    }

    private static Table table(List<RollbackFigures> figures) {
        Table table = new Table(
                "TENANT", "GOOD BEFORE", "GOOD", "ROLLED BACK", "RATING TO DECISION", "DECISION TO SERVING", "WHY");
        for (RollbackFigures row : figures) {
            table.row(
                    row.tenant(),
                    row.goodBefore() + " of " + row.ratingsBefore(),
                    row.good() + " of " + row.ratings(),
                    row.rolledBack() ? "yes" : "no",
                    row.rolledBack() ? row.decisionMillis() + " ms" : "-",
                    row.rolledBack() ? row.servingMillis() + " ms" : "-",
                    row.reason());
        }
        return table;
    }
}
