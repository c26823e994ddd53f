package io.adaptermill.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.ingest.batch.BatchPlanner;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchReopened;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// After an erasure: what must not serve, what training goes on from, and the batches that are learned again.
class RelearningTopologyTest {
    private static final TenantId ACME = new TenantId("acme");

    private final TopologyWorld world = new TopologyWorld();
    private final List<BatchClosed> closed = new ArrayList<>();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void the_line_since_the_last_clean_version_is_learned_again_with_its_seeds_and_without_the_person() {
        // Given
        world.register(ACME, World.policy(ACME, 2, 0));
        learned(1, PromotionOutcome.PROMOTED, "bob-1", "bob-2");
        learned(2, PromotionOutcome.HELD, "ann-3", "bob-4");
        learned(3, PromotionOutcome.PROMOTED, "bob-5", "bob-6");

        // When
        SubjectErased erased = erase("ann", "x1");
        reopen(erased);
        List<BatchClosed> first = batches();
        world.feedback(ACME, "bob-7", said("bob"));
        world.feedback(ACME, "bob-8", said("bob"));
        world.decide(ACME, 4, PromotionOutcome.REFUSED);
        List<BatchClosed> second = batches();
        world.decide(ACME, 5, PromotionOutcome.PROMOTED);

        // Then
        assertThat(erased.versions()).containsExactly(version(2), version(3));
        assertThat(erased.head()).contains(ref(1));
        assertThat(first).singleElement().satisfies(batch -> {
            assertThat(TopologyWorld.events(batch)).containsExactly("bob-4");
            assertThat(batch.batch()).isEqualTo(batch(4));
            assertThat(batch.relearns()).contains(batch(2));
            assertThat(batch.seed()).isEqualTo(BatchPlanner.seed(batch(2)));
            assertThat(batch.parent()).contains(ref(1));
        });
        assertThat(second).singleElement().satisfies(batch -> {
            assertThat(TopologyWorld.events(batch)).containsExactly("bob-5", "bob-6");
            assertThat(batch.relearns()).contains(batch(3));
            assertThat(batch.seed()).isEqualTo(BatchPlanner.seed(batch(3)));
            assertThat(batch.parent())
                    .as("the one before, whatever its gates said")
                    .contains(ref(4));
        });
        assertThat(batches()).as("then what is new").singleElement().satisfies(batch -> {
            assertThat(TopologyWorld.events(batch)).containsExactly("bob-7", "bob-8");
            assertThat(batch.relearns()).isEmpty();
            assertThat(batch.parent()).contains(ref(5));
        });
    }

    @Test
    void a_candidate_in_flight_that_learned_from_the_person_is_waited_for_no_longer_and_never_built_upon() {
        // Given
        world.register(ACME, World.policy(ACME, 2, 0));
        learned(1, PromotionOutcome.PROMOTED, "bob-1", "bob-2");
        say("ann-3", "bob-4");
        closed.addAll(batches());

        // When
        SubjectErased erased = erase("ann", "x1");
        reopen(erased);
        BatchClosed again = batches().getFirst();
        world.decide(ACME, 2, PromotionOutcome.HELD);
        world.publish(Topics.TRAINING_FAILED, ACME, "f", new TrainingFailed(again.batch(), 1, "not a number", "look"));
        say("bob-5", "bob-6");

        // Then
        assertThat(erased.versions()).containsExactly(version(2));
        assertThat(TopologyWorld.events(again)).containsExactly("bob-4");
        assertThat(batches())
                .singleElement()
                .satisfies(batch -> assertThat(batch.parent()).contains(ref(1)));
    }

    @Test
    void a_batch_of_which_nothing_is_left_is_passed_over() {
        // Given
        world.register(ACME, World.policy(ACME, 2, 0));
        learned(1, PromotionOutcome.PROMOTED, "ann-1", "ann-2");
        learned(2, PromotionOutcome.PROMOTED, "bob-3", "bob-4");

        // When
        SubjectErased erased = erase("ann", "x1");
        reopen(erased);

        // Then
        assertThat(erased.head()).as("the base model").isEmpty();
        assertThat(batches()).singleElement().satisfies(batch -> {
            assertThat(batch.relearns()).contains(batch(2));
            assertThat(batch.parent()).isEmpty();
        });
    }

    @Test
    void a_second_person_who_asks_on_the_way_back_is_left_out_of_what_was_learned_again_and_of_what_will_be() {
        // Given
        world.register(ACME, World.policy(ACME, 2, 0));
        learned(1, PromotionOutcome.PROMOTED, "ann-1", "bob-2");
        learned(2, PromotionOutcome.PROMOTED, "cat-3", "bob-4");
        SubjectErased first = erase("ann", "x1");
        reopen(first);
        closed.addAll(batches());
        world.decide(ACME, 3, PromotionOutcome.PROMOTED);
        closed.addAll(batches());

        // When
        SubjectErased second = erase("bob", "x2");
        reopen(first);
        List<BatchClosed> stale = batches();
        reopen(second);

        // Then
        assertThat(second.versions()).containsExactly(version(3), version(4));
        assertThat(second.again()).extracting(SubjectErased.Again::batch).containsExactly(batch(3), batch(4));
        assertThat(stale).as("what the first erasure asked for").isEmpty();
        assertThat(batches()).singleElement().satisfies(batch -> {
            assertThat(TopologyWorld.events(batch)).containsExactly("cat-3");
            assertThat(batch.parent()).isEmpty();
            assertThat(batch.seed()).isEqualTo(BatchPlanner.seed(batch(2)));
        });
    }

    @Test
    void who_taught_nothing_takes_nothing_out() {
        // Given
        world.register(ACME, World.policy(ACME, 2, 0));
        learned(1, PromotionOutcome.PROMOTED, "bob-1", "bob-2");

        // When
        SubjectErased erased = erase("ann", "x1");
        say("bob-3", "bob-4");

        // Then
        assertThat(erased)
                .isEqualTo(new SubjectErased(
                        new EventId("x1"), new SubjectId("ann"), 0, List.of(), Optional.of(ref(1)), List.of()));
        assertThat(batches()).hasSize(1);
    }

    @Test
    void the_answers_that_a_person_judged_can_be_judged_by_nobody_any_more() {
        // Given
        world.register(ACME, World.policy(ACME, 1, 0));
        world.serve(ACME, "i-1", "My name is Ann.", "Hello Ann.");
        world.serve(ACME, "i-2", "How?", "So.");
        world.feedback(ACME, "ann-1", rated("ann", "i-1"));
        world.decide(ACME, 1, PromotionOutcome.REFUSED);

        // When
        erase("ann", "x1");
        world.feedback(ACME, "bob-1", rated("bob", "i-1"));
        world.feedback(ACME, "bob-2", rated("bob", "i-2"));
        world.passes(java.time.Duration.ofMinutes(2));

        // Then
        assertThat(world.refusals()).extracting(FeedbackRefused::event).containsExactly(new EventId("bob-1"));
        assertThat(batches().getLast())
                .satisfies(batch -> assertThat(TopologyWorld.events(batch)).containsExactly("bob-2"));
    }

    private void learned(long number, PromotionOutcome outcome, String... events) {
        say(events);
        closed.addAll(batches());
        world.decide(ACME, number, outcome);
    }

    private void say(String... events) {
        for (String event : events) world.feedback(ACME, event, said(event.substring(0, 3)));
    }

    private SubjectErased erase(String subject, String id) {
        world.publish(
                Topics.ERASURE_REQUESTED, ACME, id, new ErasureRequested(new SubjectId(subject), "support", "request"));
        return world.read(Topics.SUBJECT_ERASED).stream()
                .map(Envelope::event)
                .findFirst()
                .orElseThrow();
    }

    /// As the archive does.
    private void reopen(SubjectErased erased) {
        for (SubjectErased.Again again : erased.again()) {
            BatchClosed batch = closed.stream()
                    .filter(each -> each.batch().equals(again.batch()))
                    .findFirst()
                    .orElseThrow();
            world.publish(
                    Topics.BATCH_REOPENED,
                    ACME,
                    erased.request() + "/" + again.batch(),
                    new BatchReopened(
                            erased.request(),
                            again.batch(),
                            batch.without(item -> item.subject()
                                    .filter(erased.subject()::equals)
                                    .isPresent())));
        }
    }

    private List<BatchClosed> batches() {
        return world.batches();
    }

    private static AdapterRef ref(long number) {
        return new PromotionDecided(
                        version(number),
                        Digest.of(new byte[] {(byte) number}),
                        PromotionOutcome.PROMOTED,
                        Optional.empty(),
                        "as measured")
                .ref();
    }

    private static VersionId version(long number) {
        return new VersionId(ACME, number);
    }

    private static BatchId batch(long number) {
        return new BatchId(ACME, number);
    }

    private static Feedback said(String subject) {
        return new Feedback.Demonstration(Prompt.ofUser("How?"), "So.", Optional.of(new SubjectId(subject)));
    }

    private static Feedback rated(String subject, String inference) {
        return new Feedback.Rating(
                Optional.of(new InferenceId(inference)),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Thumb.UP),
                Optional.empty(),
                Optional.of(new SubjectId(subject)));
    }
}
