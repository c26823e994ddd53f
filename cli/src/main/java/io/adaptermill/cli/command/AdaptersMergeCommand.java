package io.adaptermill.cli.command;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.exchange.PeftFolder;
import io.adaptermill.artifacts.merge.AdapterDistance;
import io.adaptermill.artifacts.merge.Merge;
import io.adaptermill.artifacts.merge.MergeMethod;
import io.adaptermill.artifacts.merge.SignElection;
import io.adaptermill.artifacts.merge.Weighted;
import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.adapters.MergeKind;
import io.adaptermill.cli.adapters.NamedAdapter;
import io.adaptermill.schemas.id.Digest;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `adapters merge`: several adapters become one, in a PEFT folder.
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        description = {
            "Make one adapter out of several of the same base model, as a PEFT folder.",
            "Methods: cat is exact and adds ranks up; svd, ties, dare, dare-ties, prune and orthogonal keep a rank."
        },
        footer = {
            "",
            "Examples:",
            "  ./adaptermill adapters merge acme@7 globex@3 --to merged",
            "  ./adaptermill adapters merge acme@7 globex@3 --method ties --rank 16 --density 0.5 --to merged",
            "  ./adaptermill adapters merge all acme@7 --weights 1,-1 --method svd --rank 8 --to without-acme"
        })
final class AdaptersMergeCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            arity = "1..*",
            paramLabel = "ADAPTER",
            description = "Versions such as acme@7, digests such as sha256:…, or folders.")
    private List<String> names = List.of();

    @Option(
            names = "--weights",
            split = ",",
            paramLabel = "W",
            description = "One for each adapter (default 1); a negative one takes its task away.")
    private List<Double> weights = List.of();

    @Option(
            names = "--method",
            converter = MergeWords.class,
            completionCandidates = MergeWords.class,
            description = "${COMPLETION-CANDIDATES} (default cat).")
    private MergeKind kind = MergeKind.CAT;

    @Option(names = "--rank", description = "Of the result; orthogonal: kept of each adapter (default the largest).")
    private int rank;

    @Option(names = "--density", description = "ties, dare, dare-ties, prune: share of values kept (default 0.5).")
    private double density = 0.5;

    @Option(names = "--seed", description = "dare, dare-ties: of the choice of values (default 0).")
    private long seed;

    @Option(names = "--signs", description = "ties, dare-ties: elected by ${COMPLETION-CANDIDATES} (default total).")
    private SignElection signs = SignElection.TOTAL;

    @Option(
            names = "--peft-compat",
            description = "Combine A's and B's apart, as PEFT's linear, ties, dare_* and magnitude_prune do.")
    private boolean peft;

    @Option(names = "--to", required = true, paramLabel = "FOLDER", description = "Where to write the PEFT folder.")
    private @Nullable Path to;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    @Mixin
    private AdapterOptions options = new AdapterOptions();

    AdaptersMergeCommand(Session session) {
        this.session = session;
    }

    /// What was made.
    ///
    /// @param distance from the exact weighted sum, relative to it
    record Merged(String folder, String method, int rank, long parameters, double distance) {}

    @Override
    public Integer call() {
        List<NamedAdapter> adapters =
                names.stream().map(name -> options.adapter(session, name)).toList();
        String base = commonBase(adapters);
        List<Weighted> parts = weighted(adapters);
        Path folder = java.util.Objects.requireNonNull(to);
        Adapter merged = merge(parts);
        write(merged, base, folder);
        Merged result = new Merged(
                folder.toString(),
                MergeWords.word(kind),
                merged.config().rank(),
                merged.parameters(),
                AdapterDistance.relative(merged, Merge.of(parts, new MergeMethod.Concatenation())));
        print(result);
        return Exit.DONE;
    }

    private Adapter merge(List<Weighted> parts) {
        int largest = parts.stream()
                .flatMap(part -> part.adapter().modules().values().stream())
                .mapToInt(LowRank::rank)
                .max()
                .orElseThrow();
        try {
            return Merge.of(parts, kind.method(rank > 0 ? rank : largest, density, seed, signs, peft));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.USAGE, "These cannot be merged so: " + e.getMessage() + ".", "adapters merge --help", e);
        }
    }

    private List<Weighted> weighted(List<NamedAdapter> adapters) {
        if (!weights.isEmpty() && weights.size() != adapters.size()) {
            throw new CommandFailure(
                    Exit.USAGE,
                    "There are " + adapters.size() + " adapters and " + weights.size() + " weights.",
                    "give one weight for each adapter, or none");
        }
        List<Weighted> parts = new ArrayList<>();
        for (int i = 0; i < adapters.size(); i++) {
            parts.add(new Weighted(adapters.get(i).adapter(), weights.isEmpty() ? 1 : weights.get(i)));
        }
        return parts;
    }

    /// Adapters of different bases have nothing to say to one another.
    private static String commonBase(List<NamedAdapter> adapters) {
        List<Digest> bases = adapters.stream()
                .flatMap(adapter -> adapter.base().stream())
                .distinct()
                .toList();
        if (bases.size() > 1) {
            throw new CommandFailure(
                    Exit.FAILED, "The adapters belong to different base models: " + bases + ".", "adapters stored");
        }
        return bases.isEmpty() ? "" : bases.getFirst().value();
    }

    private static void write(Adapter merged, String base, Path folder) {
        try {
            PeftFolder.write(merged, base, folder);
        } catch (UncheckedIOException e) {
            throw new CommandFailure(
                    Exit.FAILED, e.getMessage() + ": " + e.getCause() + ".", "give a new folder with --to", e);
        }
    }

    private void print(Merged result) {
        if (output == Output.JSON) {
            session.terminal().line(Output.pretty(result));
            return;
        }
        session.terminal()
                .line(String.format(
                        Locale.ROOT,
                        "%s: rank %d, %,d parameters, by %s; %.2g from the exact weighted sum",
                        result.folder(),
                        result.rank(),
                        result.parameters(),
                        result.method(),
                        result.distance()));
    }
}
