package io.adaptermill.cli.command;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.Provenance;
import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.adapters.EngineWork;
import io.adaptermill.cli.adapters.NamedAdapter;
import io.adaptermill.cli.stack.EngineProcess;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `adapters import`: a PEFT folder becomes an artifact of the store.
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Keep a PEFT folder in the artifact store, under a digest, after checking every number of it.",
            "Only a plain LoRA of this base model's linear layers is taken; anything else is refused with the reason."
        },
        footer = {
            "",
            "The artifact serves nobody: what serves is decided by gates. Merge with it, export it, compare with it.",
            "",
            "Examples:",
            "  ./adaptermill adapters import my-lora --tenant acme",
            "  ./adaptermill adapters import my-lora --tenant acme --store store --model base.gguf"
        })
final class AdaptersImportCommand implements Callable<Integer> {
    private final Session session;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "With adapter_config.json and adapter_model.safetensors.")
    private Path folder = Path.of("");

    @Option(names = "--tenant", required = true, paramLabel = "TENANT", description = "Whose it is.")
    private String tenant = "";

    @Option(names = "--number", paramLabel = "N", description = "The version's number in the manifest (default 1).")
    private long number = 1;

    @Option(names = "--model", paramLabel = "PATH", description = "The base model (default: the local stack's).")
    private @Nullable Path model;

    @Mixin
    private AdapterOptions options = new AdapterOptions();

    AdaptersImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        TenantId owner = Words.tenant(tenant);
        NamedAdapter adapter = options.adapter(session, folder.toString());
        Path store = options.store(session);
        Path base = model == null ? session.stack().model() : model;
        if (!EngineProcess.isHere()) {
            List<String> arguments = Objects.requireNonNull(spec)
                    .root()
                    .commandLine()
                    .getParseResult()
                    .originalArgs();
            return EngineProcess.run(session.root(), arguments);
        }
        EngineWork.Fitting fitting = EngineWork.fitting(adapter, base);
        Provenance provenance = provenance(owner, fitting.adapter(), fitting.base());
        Digest digest = new FileArtifactStore(store).put(new AdapterArtifact(fitting.adapter(), provenance));
        session.terminal().line(digest.value());
        return Exit.DONE;
    }

    /// An imported adapter comes from no batch of ours: its manifest names the version's own batch number,
    /// no parent, and the recipe that rank and alpha tell of.
    private Provenance provenance(TenantId owner, Adapter adapter, Digest base) {
        BatchId batch = new BatchId(owner, number);
        try {
            return new Provenance(VersionId.of(batch), batch, Optional.empty(), base, recipe(adapter.config()), 0);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.FAILED,
                    "The adapter cannot be kept: " + e.getMessage() + ".",
                    "compress it: ./adaptermill adapters merge " + folder + " --method svd --rank 64 --to smaller",
                    e);
        }
    }

    private static Recipe recipe(LoraConfig config) {
        Recipe usual = Recipe.DEFAULT;
        return new Recipe(
                config.rank(),
                config.alpha(),
                usual.learningRate(),
                usual.epochs(),
                usual.examplesPerStep(),
                usual.tokensPerExampleMax(),
                usual.warmupShare(),
                usual.weightDecay(),
                usual.gradientNormMax(),
                usual.dpoBeta(),
                usual.ktoBeta(),
                usual.preferenceWeight());
    }
}
