package io.adaptermill.cli.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.cli.rebuild.RebuildPlan.Start;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// acme@1 from the base, acme@2 from it; acme@3 was refused after it, so acme@4 goes on from acme@2, too.
class RebuildPlanTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final List<BatchClosed> BATCHES = List.of(
            batch(1, Optional.empty()),
            batch(2, Optional.of(ref(1))),
            batch(3, Optional.of(ref(2))),
            batch(4, Optional.of(ref(2))));
    private static final List<AdapterTrained> TRAINED =
            BATCHES.stream().map(RebuildPlanTest::trained).toList();

    @Test
    void the_parent_is_the_checkpoint_if_it_is_stored() {
        assertThat(plan(4, Start.NEAREST_CHECKPOINT, Set.of(digest(1), digest(2), digest(4))))
                .isEqualTo(new RebuildPlan(Optional.of(ref(2)), List.of(step(4))));
    }

    @Test
    void without_it_an_older_one_is_found() {
        assertThat(plan(4, Start.NEAREST_CHECKPOINT, Set.of(digest(1), digest(3), digest(4))))
                .isEqualTo(new RebuildPlan(Optional.of(ref(1)), List.of(step(2), step(4))));
    }

    @Test
    void an_empty_store_leads_back_to_the_base_model() {
        assertThat(plan(4, Start.NEAREST_CHECKPOINT, Set.of()))
                .isEqualTo(new RebuildPlan(Optional.empty(), List.of(step(1), step(2), step(4))));
    }

    @Test
    void from_the_base_no_artifact_is_trusted() {
        assertThat(plan(4, Start.BASE, Set.of(digest(1), digest(2))))
                .isEqualTo(new RebuildPlan(Optional.empty(), List.of(step(1), step(2), step(4))));
    }

    @Test
    void what_the_log_has_forgotten_is_named() {
        assertThatThrownBy(() -> plan(5, Start.BASE, Set.of()))
                .isInstanceOf(RebuildPlan.NotInLog.class)
                .hasMessage("version acme@5 is not in adapter.trained");
        assertThatThrownBy(() -> RebuildPlan.of(
                        version(2), BATCHES.subList(1, 4), TRAINED, Start.NEAREST_CHECKPOINT, _ -> false))
                .isInstanceOf(RebuildPlan.NotInLog.class)
                .hasMessage("batch acme#1 is not in batch.closed");
    }

    private static RebuildPlan plan(int number, Start start, Set<Digest> stored) {
        return RebuildPlan.of(version(number), BATCHES, TRAINED, start, stored::contains);
    }

    private static RebuildPlan.Step step(int number) {
        return new RebuildPlan.Step(BATCHES.get(number - 1), TRAINED.get(number - 1));
    }

    private static BatchClosed batch(int number, Optional<AdapterRef> parent) {
        Example example = new Example.Demonstration(Prompt.ofUser("How?"), "So.");
        return new BatchClosed(
                new BatchId(ACME, number),
                CloseReason.COUNT,
                parent,
                Recipe.DEFAULT,
                number,
                0,
                9,
                List.of(new BatchItem(new EventId("e-" + number), Optional.empty(), example)));
    }

    private static AdapterTrained trained(BatchClosed batch) {
        int number = Math.toIntExact(batch.batch().number());
        return new AdapterTrained(
                version(number), digest(number), batch.batch(), batch.parent(), digest(0), 2, 10, 2.0, 1.0, 0);
    }

    private static AdapterRef ref(int number) {
        return new AdapterRef(version(number), digest(number));
    }

    private static VersionId version(int number) {
        return new VersionId(ACME, number);
    }

    private static Digest digest(int number) {
        return Digest.of(("artifact " + number).getBytes(StandardCharsets.UTF_8));
    }
}
