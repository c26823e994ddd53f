package io.adaptermill.cli.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.cli.rebuild.RebuildPlan.Start;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.VersionId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Forgetting on a real engine with a tiny model, against a lineage that never saw what is forgotten.
class RetrainTest {
    private static final VersionId THIRD = VersionId.parse("acme@3");
    private static final SubjectId SUBJECT = new SubjectId("user-3");

    @TempDir
    private Path folder;

    private LoraEngine engine;
    private FileArtifactStore store;
    private Trainings trainings;

    @BeforeEach
    void three_versions() {
        engine = LoraEngine.open(Trainings.tinyModel());
        store = new FileArtifactStore(folder.resolve("store"));
        trainings = new Trainings(engine, store);
        trainings.train("acme", 3);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void a_version_without_a_person_is_byte_for_byte_the_one_that_never_saw_them() {
        // Given
        Trainings control = new Trainings(engine, new FileArtifactStore(folder.resolve("control")));
        Optional<AdapterRef> never = Optional.empty();
        for (int number = 1; number <= 3; number++) {
            never = Optional.of(control.train(without(Trainings.batch("acme", number, never))));
        }

        // When
        Retraining plan = plan(RetrainTest::isTheirs);
        Optional<AdapterRef> last = retrain(plan);

        // Then
        assertThat(plan.forgotten()).isEqualTo(3);
        assertThat(last).isEqualTo(never);
        assertThat(last.orElseThrow().artifact())
                .isNotEqualTo(trainings.trained.getLast().artifact());
    }

    @Test
    void what_came_before_them_is_not_trained_again() {
        // When
        Retraining plan = plan(item -> item.event().value().equals("acme#3-e3"));

        // Then
        assertThat(plan.checkpoint()).contains(trainings.trained.get(1).ref());
        assertThat(plan.batches())
                .extracting(BatchClosed::batch)
                .containsExactly(trainings.batches.get(2).batch());
        assertThat(retrain(plan)).map(AdapterRef::version).contains(THIRD);
    }

    @Test
    void a_batch_that_was_all_theirs_is_no_step() {
        // When
        Retraining plan = plan(item -> item.event().value().startsWith("acme#2-"));
        Optional<AdapterRef> last = retrain(plan);

        // Then
        assertThat(plan.checkpoint()).contains(trainings.trained.getFirst().ref());
        assertThat(plan.batches())
                .extracting(BatchClosed::batch)
                .containsExactly(trainings.batches.get(2).batch());
        assertThat(new FileArtifactStore(folder.resolve("forgotten"))
                        .get(last.orElseThrow().artifact())
                        .provenance()
                        .parent())
                .contains(trainings.trained.getFirst().artifact());
    }

    @Test
    void a_batch_that_lost_examples_is_no_clean_ancestor() {
        // Given
        RebuildPlan whole = RebuildPlan.of(THIRD, trainings.batches, trainings.trained, Start.BASE, _ -> false);

        // When
        Retraining plan =
                Retraining.of(whole, _ -> false, Set.of(trainings.batches.get(1).batch()), store::contains);

        // Then
        assertThat(plan.checkpoint()).contains(trainings.trained.getFirst().ref());
        assertThat(plan.batches()).hasSize(2);
    }

    @Test
    void who_taught_everything_leaves_the_base_model() {
        assertThat(retrain(plan(_ -> true))).isEmpty();
    }

    private Retraining plan(Predicate<BatchItem> forget) {
        RebuildPlan whole = RebuildPlan.of(THIRD, trainings.batches, trainings.trained, Start.BASE, _ -> false);
        return Retraining.of(whole, forget, Set.of(), store::contains);
    }

    private Optional<AdapterRef> retrain(Retraining plan) {
        return new Retrain(engine, store, new FileArtifactStore(folder.resolve("forgotten")))
                .run(plan, new RebuildTest.Quiet());
    }

    private static boolean isTheirs(BatchItem item) {
        return item.subject().filter(SUBJECT::equals).isPresent();
    }

    private static BatchClosed without(BatchClosed batch) {
        List<BatchItem> kept =
                batch.items().stream().filter(item -> !isTheirs(item)).toList();
        return new BatchClosed(
                batch.batch(),
                batch.reason(),
                batch.parent(),
                batch.recipe(),
                batch.seed(),
                batch.holdoutThrough(),
                batch.tokensEstimated(),
                kept);
    }
}
