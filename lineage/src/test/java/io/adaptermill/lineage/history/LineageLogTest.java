package io.adaptermill.lineage.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.QuarantineReason;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.feedback.Example;
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
import io.adaptermill.schemas.policy.Recipe;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// acme's base model answers i-0; it is rated by e-1, which trains acme@1; acme@1 answers i-1, rated by e-2,
/// which trains acme@2; acme@2 answers i-2. e-3 is held out, e-4 refused, e-5 waits.
class LineageLogTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final SubjectId ANN = new SubjectId("ann");
    private static final Prompt PROMPT = Prompt.ofUser("How?");
    private static final JudgedAnswer OF_BASE = new JudgedAnswer(new InferenceId("i-0"), Optional.empty(), true);
    private static final JudgedAnswer OF_FIRST =
            new JudgedAnswer(new InferenceId("i-1"), Optional.of(version(1)), true);
    private static final Ancestor FIRST = new Ancestor(
            version(1),
            digest("acme@1"),
            batch(1),
            List.of(new LearnedEvent(new EventId("e-1"), Optional.of(OF_BASE))));
    private static final Ancestor SECOND = new Ancestor(
            version(2),
            digest("acme@2"),
            batch(2),
            List.of(new LearnedEvent(new EventId("e-2"), Optional.of(OF_FIRST))));

    private final LineageLog log = new LineageLog();

    @BeforeEach
    void two_generations() {
        note("i-0", served("i-0", Optional.empty()));
        note("e-1", rating("i-0"));
        learn(1, "e-1", Optional.empty());
        note("i-1", served("i-1", Optional.of(version(1))));
        note("e-2", rating("i-1"));
        note("e-2/r", new FeedbackRefused(new EventId("e-2"), RefusalReason.DUPLICATE, "known", "none", 0, 0));
        note("e-3", new FeedbackReceived(new Feedback.Demonstration(PROMPT, "So.", Optional.empty())));
        note("e-3/h", new HoldoutAssigned(new EventId("e-3"), 1, Optional.empty(), example()));
        learn(2, "e-2", Optional.of(new AdapterRef(version(1), digest("acme@1"))));
        note("i-2", served("i-2", Optional.of(version(2))));
        note("e-4", rating("i-2"));
        note("e-4/r", new FeedbackRefused(new EventId("e-4"), RefusalReason.TOO_LARGE, "text", "none", 0, 0));
        note("e-5", rating("i-9"));
    }

    @Test
    void an_answer_goes_back_through_every_parent_to_the_answers_that_were_judged() {
        assertThat(log.of(ACME, new InferenceId("i-2")))
                .contains(new Lineage.OfAnswer(
                        ACME, new InferenceId("i-2"), Optional.of(version(2)), new Descent(List.of(SECOND, FIRST))));
    }

    @Test
    void an_answer_of_the_base_model_learned_from_nobody() {
        assertThat(log.of(ACME, new InferenceId("i-0")))
                .contains(new Lineage.OfAnswer(ACME, new InferenceId("i-0"), Optional.empty(), Descent.OF_BASE));
    }

    @Test
    void an_event_goes_on_to_every_version_that_built_on_it_and_to_their_answers() {
        assertThat(log.of(ACME, new EventId("e-1")))
                .contains(new Lineage.OfEvent(
                        ACME,
                        new EventId("e-1"),
                        Optional.of(OF_BASE),
                        new Whereabouts.InBatch(batch(1)),
                        List.of(version(1), version(2)),
                        List.of(),
                        List.of(new InferenceId("i-1"), new InferenceId("i-2"))));
    }

    @Test
    void a_duplicate_refused_later_is_still_where_it_was() {
        assertThat(((Lineage.OfEvent) log.of(ACME, new EventId("e-2")).orElseThrow()).whereabouts())
                .isEqualTo(new Whereabouts.InBatch(batch(2)));
    }

    @Test
    void a_held_out_event_is_in_no_answer_and_tested_whoever_came_later() {
        assertThat(log.of(ACME, new EventId("e-3")))
                .contains(new Lineage.OfEvent(
                        ACME,
                        new EventId("e-3"),
                        Optional.empty(),
                        new Whereabouts.HeldOut(1),
                        List.of(),
                        List.of(version(2)),
                        List.of()));
    }

    @Test
    void refused_and_waiting_events_led_to_nothing() {
        assertThat(log.named("e-4"))
                .extracting(it -> ((Lineage.OfEvent) it).whereabouts())
                .containsExactly(new Whereabouts.Refused(RefusalReason.TOO_LARGE, "text"));
        assertThat(log.named("e-5"))
                .extracting(it -> ((Lineage.OfEvent) it).judged())
                .containsExactly(Optional.of(new JudgedAnswer(new InferenceId("i-9"), Optional.empty(), false)));
    }

    @Test
    void an_event_is_in_quarantine_until_it_is_somewhere_else() {
        // Given
        note("q-1", quarantined("e-5"));
        note("q-2", quarantined("e-6"));
        note("q-3", quarantined("e-2"));

        // When
        note("e-6/r", new FeedbackRefused(new EventId("e-6"), RefusalReason.DUPLICATE, "known", "none", 0, 0));

        // Then
        assertThat(Stream.of("e-5", "e-6", "e-2")
                        .map(id ->
                                ((Lineage.OfEvent) log.of(ACME, new EventId(id)).orElseThrow()).whereabouts()))
                .containsExactly(
                        new Whereabouts.Quarantined(QuarantineReason.DISGUISED, "text"),
                        new Whereabouts.Quarantined(QuarantineReason.DISGUISED, "text"),
                        new Whereabouts.InBatch(batch(2)));
    }

    @Test
    void a_version_looks_both_ways() {
        assertThat(log.of(version(1)))
                .contains(new Lineage.OfVersion(
                        ACME,
                        version(1),
                        new Descent(List.of(FIRST)),
                        List.of(version(2)),
                        List.of(new InferenceId("i-1"))));
    }

    @Test
    void a_person_is_in_what_they_trained_and_the_last_clean_version_came_before() {
        // Given
        learn(3, "e-6", Optional.of(new AdapterRef(version(1), digest("acme@1"))), Optional.of(ANN));
        note("p-1", promoted(1));
        note("p-2", promoted(2));
        note("p-3", promoted(3));

        // Then
        assertThat(log.of(ACME, ANN))
                .contains(new Lineage.OfSubject(
                        ACME,
                        ANN,
                        List.of(new Lineage.PlacedEvent(new EventId("e-6"), new Whereabouts.InBatch(batch(3)))),
                        List.of(version(3)),
                        List.of(),
                        List.of(),
                        Optional.of(version(3)),
                        Optional.of(version(2))));
        assertThat(log.of(ACME, new SubjectId("bob"))).isEmpty();
    }

    @Test
    void an_event_that_is_replayed_is_in_what_replayed_it_and_stays_where_it_came_first() {
        // Given
        BatchItem fresh = new BatchItem(new EventId("e-6"), Optional.empty(), example());
        BatchItem past = new BatchItem(new EventId("e-2"), Optional.empty(), example());
        note(
                "b-3",
                new BatchClosed(
                        batch(3),
                        CloseReason.COUNT,
                        Optional.empty(),
                        Recipe.DEFAULT,
                        1,
                        1,
                        9,
                        List.of(fresh),
                        Optional.of(List.of(past))));
        note(
                "t-3",
                new AdapterTrained(
                        version(3), digest("acme@3"), batch(3), Optional.empty(), digest("base"), 2, 10, 2.0, 1.0, 1));

        // When
        Lineage.OfEvent lineage =
                (Lineage.OfEvent) log.of(ACME, new EventId("e-2")).orElseThrow();

        // Then
        assertThat(lineage.whereabouts()).isEqualTo(new Whereabouts.InBatch(batch(2)));
        assertThat(lineage.trained()).containsExactly(version(2), version(3));
    }

    @Test
    void what_was_rolled_back_is_no_version_to_fall_back_on() {
        // Given
        learn(3, "e-6", Optional.of(new AdapterRef(version(2), digest("acme@2"))), Optional.of(ANN));
        for (int number = 1; number <= 3; number++) note("p-" + number, promoted(number));
        AdapterRef first = new AdapterRef(version(1), digest("acme@1"));
        AdapterRef third = new AdapterRef(version(3), digest("acme@3"));
        note("r", PromotionDecided.rollBack(third, Optional.of(first), "worse", "ann"));

        // When
        Lineage.OfSubject lineage = (Lineage.OfSubject) log.of(ACME, ANN).orElseThrow();

        // Then
        assertThat(lineage.serving()).contains(version(1));
        assertThat(lineage.lastClean()).contains(version(1));
        assertThat(lineage.isServed()).isFalse();
    }

    @Test
    void what_nobody_knows_has_no_lineage() {
        assertThat(log.of(version(9))).isEmpty();
        assertThat(log.named("e-9")).isEmpty();
        assertThat(log.of(new TenantId("globex"), new EventId("e-1"))).isEmpty();
    }

    @Test
    void a_version_cannot_descend_from_a_younger_one() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learn(3, "e-6", Optional.of(new AdapterRef(version(3), digest("acme@3")))))
                .withMessage("the parent of acme@3 must be an older version of its tenant, was acme@3");
    }

    private static PromotionDecided promoted(int number) {
        return new PromotionDecided(
                version(number), digest("acme@" + number), PromotionOutcome.PROMOTED, Optional.empty(), "better");
    }

    private void learn(int number, String event, Optional<AdapterRef> parent) {
        learn(number, event, parent, Optional.empty());
    }

    private void learn(int number, String event, Optional<AdapterRef> parent, Optional<SubjectId> subject) {
        BatchItem item = new BatchItem(new EventId(event), subject, example());
        note(
                "b-" + number,
                new BatchClosed(
                        batch(number), CloseReason.COUNT, parent, Recipe.DEFAULT, 1, number - 1, 9, List.of(item)));
        note(
                "t-" + number,
                new AdapterTrained(
                        version(number),
                        digest("acme@" + number),
                        batch(number),
                        parent,
                        digest("base"),
                        2,
                        10,
                        2.0,
                        1.0,
                        number - 1));
    }

    private void note(String id, Event event) {
        log.note(new Envelope<>(ACME, new EventId(id), "/test", Instant.EPOCH, event));
    }

    private static InferenceServed served(String id, Optional<VersionId> version) {
        return new InferenceServed(new InferenceId(id), PROMPT, "So.", version, 1, 1, "one");
    }

    private static FeedbackReceived rating(String inference) {
        return new FeedbackReceived(new Feedback.Rating(
                Optional.of(new InferenceId(inference)),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Thumb.UP),
                Optional.empty(),
                Optional.empty()));
    }

    private static FeedbackQuarantined quarantined(String event) {
        return new FeedbackQuarantined(
                new EventId(event), Optional.empty(), example(), QuarantineReason.DISGUISED, "text", 0, 0);
    }

    private static Example example() {
        return new Example.Demonstration(PROMPT, "So.");
    }

    private static VersionId version(int number) {
        return new VersionId(ACME, number);
    }

    private static BatchId batch(int number) {
        return new BatchId(ACME, number);
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
