package io.adaptermill.cli.command;

import io.adaptermill.artifacts.ArtifactStore;
import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.TrainingLog;
import io.adaptermill.cli.rebuild.RebuildPlan;
import io.adaptermill.cli.rebuild.Rebuilt;
import io.adaptermill.cli.stack.EngineProcess;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `rebuild`: the proof that a version is what the log says it is.
@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description = {
            "Train versions again from the log and compare every byte with what the trainer made then.",
            "Ends with 0 if all are the same, 1 if one is not: then it says in which step and where they part."
        },
        footer = {
            "",
            "Bits depend on the kind of processor and on the number of its cores: rebuild where it was trained.",
            "",
            "Examples:",
            "  ./adaptermill rebuild acme@3",
            "  ./adaptermill rebuild acme@3 --from-base",
            "  ./adaptermill rebuild acme globex",
            "  ./adaptermill rebuild acme@3 --into .adaptermill/run/store",
            "  ./adaptermill rebuild acme@3 --without-subject user-17 --into forgotten"
        })
final class RebuildCommand implements Callable<Integer> {
    private final Session session;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "VERSION|TENANT",
            description = "Versions such as acme@3, or tenants for all of theirs.")
    private List<String> names = List.of();

    @Option(
            names = "--from-base",
            description = "Train the whole chain of parents again, too, trusting no artifact (default: go on from the"
                    + " nearest one that is stored).")
    private boolean fromBase;

    @Option(
            names = "--without-subject",
            paramLabel = "SUBJECT",
            description = "Train the version as if this person had never said anything; compares nothing.")
    private @Nullable String withoutSubject;

    @Option(names = "--into", paramLabel = "FOLDER", description = "Keep the rebuilt artifacts in this store.")
    private @Nullable Path into;

    @Option(names = "--store", paramLabel = "FOLDER", description = "The trainer's (default: the local stack's).")
    private @Nullable Path store;

    @Option(names = "--model", paramLabel = "PATH", description = "The base model (default: the local stack's).")
    private @Nullable Path model;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "For reading the topics (default 60).")
    private int timeoutSeconds = 60;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers (default: the local stack's).")
    private @Nullable String kafka;

    RebuildCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Set<TenantId> tenants = names.stream().map(RebuildCommand::tenant).collect(Collectors.toSet());
        String servers = session.kafka(Optional.ofNullable(kafka));
        Path original = folder(store == null ? session.stack().folder().resolve("store") : store);
        Path base = model == null ? session.stack().model() : model;
        if (!EngineProcess.isHere()) {
            CommandSpec root = Objects.requireNonNull(spec).root();
            return EngineProcess.run(
                    session.root(), root.commandLine().getParseResult().originalArgs());
        }
        TrainingLog log = TrainingLog.read(servers, tenants, Duration.ofSeconds(timeoutSeconds));
        ArtifactStore artifacts = new FileArtifactStore(original);
        RebuildRun run = new RebuildRun(session.terminal(), log, artifacts, output);
        if (withoutSubject != null) return without(run, log, base, Words.subject(withoutSubject));
        RebuildPlan.Start start = fromBase ? RebuildPlan.Start.BASE : RebuildPlan.Start.NEAREST_CHECKPOINT;
        List<Rebuilt> results = run.all(versions(log), start, base, Optional.ofNullable(into));
        if (output == Output.JSON) session.terminal().line(Output.pretty(results));
        return results.stream().allMatch(Rebuilt.Same.class::isInstance) ? Exit.DONE : Exit.FAILED;
    }

    private int without(RebuildRun run, TrainingLog log, Path base, SubjectId subject) {
        for (VersionId version : versions(log)) {
            Optional<AdapterRef> last = run.without(subject, version, base, Optional.ofNullable(into));
            if (output == Output.JSON) session.terminal().line(Output.pretty(last));
        }
        return Exit.DONE;
    }

    private static TenantId tenant(String name) {
        return name.contains("@") ? version(name).tenant() : Words.tenant(name);
    }

    private static VersionId version(String name) {
        try {
            return VersionId.parse(name);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(Exit.USAGE, e.getMessage() + ".", "./adaptermill adapters ls", e);
        }
    }

    private Set<VersionId> versions(TrainingLog log) {
        return names.stream()
                .flatMap(name -> name.contains("@") ? Stream.of(version(name)) : all(log, Words.tenant(name)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Stream<VersionId> all(TrainingLog log, TenantId tenant) {
        List<VersionId> versions = log.trained().stream()
                .map(event -> event.version())
                .filter(version -> version.tenant().equals(tenant))
                .toList();
        if (versions.isEmpty()) {
            throw new CommandFailure(
                    Exit.NOT_FOUND, "Tenant " + tenant + " has no versions.", "./adaptermill adapters ls");
        }
        return versions.stream();
    }

    private static Path folder(Path path) {
        if (Files.isDirectory(path)) return path;
        throw new CommandFailure(
                Exit.NOT_FOUND, "There is no artifact store at " + path + ".", "say where it is with --store");
    }
}
