package io.adaptermill.cli.rebuild;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactMissing;
import io.adaptermill.artifacts.ArtifactStore;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.Provenance;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Carries out a plan step by step, and stops at the first version that does not come out as it was.
public final class Rebuild {
    private final Engine engine;
    private final ArtifactStore original;
    private final ArtifactStore scratch;

    /// @param original what the trainer wrote: read only
    /// @param scratch where the rebuilt artifacts go
    public Rebuild(Engine engine, ArtifactStore original, ArtifactStore scratch) {
        this.engine = engine;
        this.original = original;
        this.scratch = scratch;
    }

    /// @param losses the first time's loss of each step, by version, as far as `training.progressed` still
    ///     has them
    /// @return one result for each step taken; only the last can be other than [Rebuilt.Same]
    /// @throws ArtifactMissing if the plan's checkpoint is not in the store
    /// @throws MalformedFile if it has rotted there
    public List<Rebuilt> run(RebuildPlan plan, Map<VersionId, TreeMap<Integer, Double>> losses, Watcher watcher) {
        Optional<Adapter> parent =
                plan.checkpoint().map(AdapterRef::artifact).map(original::get).map(AdapterArtifact::adapter);
        List<Rebuilt> results = new ArrayList<>();
        for (RebuildPlan.Step step : plan.steps()) {
            VersionId version = step.logged().version();
            StepLosses compared = new StepLosses(losses.getOrDefault(version, new TreeMap<>()));
            watcher.starts(version);
            Engine.Trained trained = engine.train(parent, step.batch(), original, (number, total, loss) -> {
                compared.step(number, loss);
                watcher.step(version, number, total, loss);
            });
            if (trained instanceof Engine.Trained.Failed(int number, String reason)) {
                Rebuilt failed = new Rebuilt.Failed(version, number, reason);
                watcher.ended(failed);
                results.add(failed);
                return List.copyOf(results);
            }
            Adapter adapter = ((Engine.Trained.Done) trained).adapter();
            Rebuilt result = compare(step, adapter, compared);
            results.add(result);
            watcher.ended(result);
            if (!(result instanceof Rebuilt.Same)) return List.copyOf(results);
            parent = Optional.of(adapter);
        }
        return List.copyOf(results);
    }

    private Rebuilt compare(RebuildPlan.Step step, Adapter adapter, StepLosses losses) {
        AdapterArtifact artifact = new AdapterArtifact(adapter, Provenance.of(step.batch(), engine.base()));
        Digest logged = step.logged().artifact();
        Digest rebuilt = scratch.put(artifact);
        if (rebuilt.equals(logged)) return new Rebuilt.Same(step.logged().version(), rebuilt);
        List<String> differences = new ArrayList<>(losses.difference().stream().toList());
        differences.addAll(against(logged, artifact));
        return new Rebuilt.Different(step.logged().version(), logged, rebuilt, differences);
    }

    private List<String> against(Digest logged, AdapterArtifact artifact) {
        try {
            return Differences.between(original.get(logged), artifact);
        } catch (ArtifactMissing | MalformedFile e) {
            return List.of("the first artifact cannot be compared with: " + e.getMessage());
        }
    }

    /// Hears what is going on.
    public interface Watcher {
        void starts(VersionId version);

        void step(VersionId version, int step, int stepsTotal, double lossNats);

        void ended(Rebuilt result);
    }
}
