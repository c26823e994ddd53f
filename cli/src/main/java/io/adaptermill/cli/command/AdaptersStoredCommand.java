package io.adaptermill.cli.command;

import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.terminal.Table;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `adapters stored`: the library, read from the store alone.
@Command(
        name = "stored",
        mixinStandardHelpOptions = true,
        description = {
            "List what the artifact store holds: versions, base models, ranks. Every byte is verified.",
            "Adapters with the same base can be merged with one another."
        },
        footer = {
            "",
            "Examples:",
            "  ./adaptermill adapters stored",
            "  ./adaptermill adapters stored --tenant acme --store store --output json"
        })
final class AdaptersStoredCommand implements Callable<Integer> {
    private static final int BASE_LETTERS = 19;

    private final Session session;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only this tenant's.")
    private @Nullable String tenant;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    @Mixin
    private AdapterOptions options = new AdapterOptions();

    AdaptersStoredCommand(Session session) {
        this.session = session;
    }

    /// @param base fingerprint of the base model
    /// @param parent what it was trained from; absent for the base model
    record Stored(
            VersionId version,
            int rank,
            double alpha,
            SortedSet<String> targets,
            long parameters,
            Digest base,
            Optional<Digest> parent,
            Digest digest) {}

    @Override
    public Integer call() {
        FileArtifactStore store = new FileArtifactStore(options.store(session));
        List<Stored> all = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        for (Digest digest : store.digests()) {
            try {
                all.add(stored(digest, store.get(digest)));
            } catch (MalformedFile e) {
                broken.add(e.getMessage());
            }
        }
        all.removeIf(each -> tenant != null && !each.version().tenant().value().equals(tenant));
        all.sort(Comparator.comparing((Stored each) -> each.version().tenant().value())
                .thenComparing(each -> each.version().number())
                .thenComparing(each -> each.digest().value()));
        Table table = new Table("VERSION", "RANK", "PARAMETERS", "BASE", "DIGEST");
        for (Stored each : all) {
            table.row(
                    each.version().toString(),
                    "" + each.rank(),
                    "" + each.parameters(),
                    each.base().value().substring(0, BASE_LETTERS),
                    each.digest().value());
        }
        output.print(session.terminal(), table, all);
        broken.forEach(message -> session.terminal().trouble("x " + message));
        return broken.isEmpty() ? Exit.DONE : Exit.FAILED;
    }

    private static Stored stored(Digest digest, AdapterArtifact artifact) {
        return new Stored(
                artifact.provenance().version(),
                artifact.adapter().config().rank(),
                artifact.adapter().config().alpha(),
                artifact.adapter().config().targets(),
                artifact.adapter().parameters(),
                artifact.provenance().base(),
                artifact.provenance().parent(),
                digest);
    }
}
