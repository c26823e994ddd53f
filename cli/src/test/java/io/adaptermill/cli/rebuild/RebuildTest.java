package io.adaptermill.cli.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.cli.rebuild.RebuildPlan.Start;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On a real engine with a tiny model.
class RebuildTest {
    @TempDir
    private Path folder;

    private LoraEngine engine;
    private FileArtifactStore store;
    private Trainings trainings;
    private Rebuild rebuild;

    @BeforeEach
    void three_tenants() {
        engine = LoraEngine.open(Trainings.tinyModel());
        store = new FileArtifactStore(folder.resolve("store"));
        trainings = new Trainings(engine, store);
        trainings.train("acme", 3);
        trainings.train("globex", 2);
        trainings.train("initech", 2);
        rebuild = new Rebuild(engine, store, new FileArtifactStore(folder.resolve("scratch")));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void every_version_of_three_tenants_comes_out_bit_for_bit_from_its_parent() {
        // When
        List<Rebuilt> results = new ArrayList<>();
        for (AdapterTrained version : trainings.trained) {
            results.addAll(rebuild.run(plan(version.version(), Start.NEAREST_CHECKPOINT), Map.of(), new Quiet()));
        }

        // Then
        assertThat(results)
                .isEqualTo(trainings.trained.stream()
                        .map(version -> (Rebuilt) new Rebuilt.Same(version.version(), version.artifact()))
                        .toList());
    }

    @Test
    void a_whole_chain_comes_out_from_the_base_model_alone() {
        assertThat(rebuild.run(plan(VersionId.parse("acme@3"), Start.BASE), trainings.losses, new Quiet()))
                .extracting(Rebuilt::version)
                .containsExactly(VersionId.parse("acme@1"), VersionId.parse("acme@2"), VersionId.parse("acme@3"));
    }

    @Test
    void a_batch_that_was_tampered_with_is_found_out_at_its_first_step() {
        // Given
        BatchClosed honest = trainings.batches.get(1);
        Recipe faster = honest.recipe().withLearningRate(0.02);
        BatchClosed tampered = new BatchClosed(
                honest.batch(),
                honest.reason(),
                honest.parent(),
                faster,
                honest.seed(),
                honest.holdoutThrough(),
                honest.tokensEstimated(),
                honest.items());
        trainings.batches.set(1, tampered);

        // When
        List<Rebuilt> results = rebuild.run(plan(VersionId.parse("acme@3"), Start.BASE), trainings.losses, new Quiet());

        // Then
        assertThat(results).hasSize(2);
        assertThat(results.getFirst()).isInstanceOf(Rebuilt.Same.class);
        assertThat(results.getLast()).isInstanceOfSatisfying(Rebuilt.Different.class, different -> {
            assertThat(different.version()).isEqualTo(VersionId.parse("acme@2"));
            assertThat(different.differences())
                    .satisfiesExactly(
                            step -> assertThat(step).startsWith("step 2: the loss was "),
                            manifest -> assertThat(manifest).startsWith("manifest.json: the recipe was "),
                            weights -> assertThat(weights)
                                    .startsWith("adapter_model.safetensors: model.layers.0.mlp.down_proj A[0, 0] was "),
                            optimizer -> assertThat(optimizer)
                                    .startsWith("optimizer.safetensors: first moments, model.layers.0.mlp.down_proj"));
        });
    }

    private RebuildPlan plan(VersionId version, Start start) {
        return RebuildPlan.of(version, trainings.batches, trainings.trained, start, store::contains);
    }

    static final class Quiet implements Rebuild.Watcher {
        @Override
        public void starts(VersionId version) {}

        @Override
        public void step(VersionId version, int step, int stepsTotal, double lossNats) {}

        @Override
        public void ended(Rebuilt result) {}
    }
}
