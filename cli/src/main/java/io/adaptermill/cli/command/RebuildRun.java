package io.adaptermill.cli.command;

import io.adaptermill.artifacts.ArtifactMissing;
import io.adaptermill.artifacts.ArtifactStore;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.TrainingLog;
import io.adaptermill.cli.rebuild.LoraEngine;
import io.adaptermill.cli.rebuild.Rebuild;
import io.adaptermill.cli.rebuild.RebuildPlan;
import io.adaptermill.cli.rebuild.Rebuilt;
import io.adaptermill.cli.rebuild.Retrain;
import io.adaptermill.cli.rebuild.Retraining;
import io.adaptermill.cli.terminal.LiveLine;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.VersionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// One call of `rebuild`: plans, engine, and what people see of it.
///
/// Ctrl-C ends training at its next step and waits for that: a process that exits in the middle of native
/// code crashes.
final class RebuildRun implements Rebuild.Watcher {
    private static final long STEP_SECONDS_MAX = 20;
    private final Terminal terminal;
    private final TrainingLog log;
    private final ArtifactStore original;
    private final LiveLine line;
    private final Output output;
    private final CountDownLatch idle = new CountDownLatch(1);
    private volatile boolean stopping;

    RebuildRun(Terminal terminal, TrainingLog log, ArtifactStore original, Output output) {
        this.terminal = terminal;
        this.log = log;
        this.original = original;
        this.output = output;
        this.line = new LiveLine(terminal);
    }

    /// Goes on to the next version after one that differs, so that one call tells of all.
    List<Rebuilt> all(Set<VersionId> versions, RebuildPlan.Start start, Path model, Optional<Path> into) {
        List<RebuildPlan> plans =
                versions.stream().map(version -> plan(version, start)).toList();
        plans.forEach(this::requireWhole);
        return computing(model, into, (engine, results) -> {
            requireBase(plans, engine.base(), model);
            Rebuild rebuild = new Rebuild(engine, original, results);
            List<Rebuilt> found = new ArrayList<>();
            for (RebuildPlan plan : plans) found.addAll(rebuild.run(plan, log.losses(), this));
            return found;
        });
    }

    /// @return the version as it is without that person; absent if that is the bare base model
    Optional<AdapterRef> without(SubjectId subject, VersionId version, Path model, Optional<Path> into) {
        RebuildPlan whole = plan(version, RebuildPlan.Start.BASE);
        Retraining plan = Retraining.of(
                whole, item -> item.subject().filter(subject::equals).isPresent(), log.erased(), original::contains);
        if (plan.forgotten() == 0) {
            throw new CommandFailure(
                    Exit.NOT_FOUND,
                    version + " learned nothing from subject " + subject + ".",
                    "./adaptermill lineage --subject " + subject + " --tenant " + version.tenant());
        }
        Optional<AdapterRef> last = computing(model, into, (engine, results) -> {
            requireBase(List.of(whole), engine.base(), model);
            return new Retrain(engine, original, results).run(plan, this);
        });
        if (output == Output.TABLE) {
            line.finish(
                    plan.forgotten() + " examples left out, " + plan.batches().size() + " batches trained again: "
                            + last.map(ref -> ref.version() + "  " + ref.artifact())
                                    .orElse("nothing is left but the base model"));
        }
        return last;
    }

    private <T> T computing(Path model, Optional<Path> into, BiFunction<LoraEngine, ArtifactStore, T> work) {
        Thread hook = new Thread(this::stop, "rebuild-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        Path results = into.orElseGet(RebuildRun::temporary);
        try (LoraEngine engine = open(model)) {
            return work.apply(engine, new FileArtifactStore(results));
        } catch (ArtifactMissing | MalformedFile e) {
            throw new CommandFailure(
                    Exit.FAILED, "A checkpoint cannot be read: " + e.getMessage() + ".", "add --from-base", e);
        } catch (Retrain.TrainingBroke e) {
            throw new CommandFailure(
                    Exit.FAILED,
                    e.getMessage() + ".",
                    "serve the last clean version: ./adaptermill lineage --subject",
                    e);
        } finally {
            idle.countDown();
            if (!stopping) Runtime.getRuntime().removeShutdownHook(hook);
            if (into.isEmpty()) delete(results);
        }
    }

    private RebuildPlan plan(VersionId version, RebuildPlan.Start start) {
        try {
            return RebuildPlan.of(version, log.batches(), log.trained(), start, original::contains);
        } catch (RebuildPlan.NotInLog e) {
            throw new CommandFailure(
                    Exit.NOT_FOUND,
                    version + " cannot be rebuilt: " + e.getMessage() + ".",
                    "./adaptermill adapters ls",
                    e);
        }
    }

    private void requireWhole(RebuildPlan plan) {
        plan.steps().stream()
                .filter(step -> log.erased().contains(step.batch().batch()))
                .findFirst()
                .ifPresent(step -> {
                    throw new CommandFailure(
                            Exit.NOT_FOUND,
                            step.logged().version() + " learned from events that were erased since, and cannot be"
                                    + " rebuilt as it was.",
                            "./adaptermill lineage " + step.logged().version());
                });
    }

    private static LoraEngine open(Path model) {
        try {
            return LoraEngine.open(model);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.NOT_FOUND, e.getMessage() + ".", "./adaptermill model   or name one with --model", e);
        }
    }

    private static void requireBase(List<RebuildPlan> plans, Digest base, Path model) {
        plans.stream()
                .flatMap(plan -> plan.steps().stream())
                .map(RebuildPlan.Step::logged)
                .filter(logged -> !logged.base().equals(base))
                .findFirst()
                .ifPresent(logged -> {
                    throw new CommandFailure(
                            Exit.FAILED,
                            logged.version() + " was trained on base model " + logged.base() + ", and " + model + " is "
                                    + base + ".",
                            "name the right model with --model");
                });
    }

    @Override
    public void starts(VersionId version) {
        failIfStopping();
        if (output == Output.TABLE) line.update("  " + version + "  training");
    }

    @Override
    public void step(VersionId version, int step, int stepsTotal, double lossNats) {
        failIfStopping();
        if (output == Output.TABLE) {
            line.update(String.format(Locale.ROOT, "  %s  step %d/%d  loss %.3f", version, step, stepsTotal, lossNats));
        }
    }

    private void failIfStopping() {
        if (stopping) throw new CommandFailure(Exit.FAILED, "Stopped before the end.", "run it again");
    }

    @Override
    public void ended(Rebuilt result) {
        if (output == Output.JSON) return;
        switch (result) {
            case Rebuilt.Same(VersionId version, Digest artifact) ->
                line.finish(terminal.good("same") + "       " + version + "  " + artifact);
            case Rebuilt.Different(VersionId version, Digest logged, Digest rebuilt, List<String> differences) -> {
                line.finish(terminal.bad("different") + "  " + version + "  was " + logged + ", is " + rebuilt);
                differences.forEach(difference -> terminal.line("  " + difference));
            }
            case Rebuilt.Failed(VersionId version, int step, String reason) ->
                line.finish(terminal.bad("failed") + "     " + version + "  at step " + step + ": " + reason);
        }
    }

    private void stop() {
        stopping = true;
        try {
            idle.await(STEP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("adaptermill-rebuild-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
