package io.adaptermill.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.ingest.split.HoldoutSplit;
import io.adaptermill.kafka.seal.KeyEncryptionKey;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.event.QuarantineAnswered;
import io.adaptermill.schemas.event.QuarantineReason;
import io.adaptermill.schemas.event.QuarantineRequested;
import io.adaptermill.schemas.event.QuarantineRequested.Action;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.Compared;
import io.adaptermill.schemas.policy.DefencePolicy;
import io.adaptermill.schemas.policy.HoldoutPolicy;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuarantineTopologyTest {
    private static final TenantId ACME = new TenantId("acme");
    /// One person has two of any four.
    private static final DefencePolicy HALF = new DefencePolicy(4, 0.5, 100, 1_000, 1, 8, 0.7, 2, Compared.EXCHANGE);

    private final TopologyWorld world = new TopologyWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void what_is_suspicious_is_in_quarantine_and_in_no_batch() {
        // Given
        world.register(ACME, World.policy(ACME, 4, 0).withDefence(HALF));

        // When
        Stream.of("a1", "a2", "a3").forEach(id -> world.feedback(ACME, id, said("ann", id)));
        Stream.of("b1", "c1").forEach(id -> world.feedback(ACME, id, said(id, id)));

        // Then
        assertThat(world.read(Topics.FEEDBACK_QUARANTINED).stream().map(Envelope::event))
                .containsExactly(new FeedbackQuarantined(
                        new EventId("a3"),
                        Optional.of(new SubjectId("ann")),
                        new Example.Demonstration(Prompt.ofUser("asked a3"), "fine a3"),
                        QuarantineReason.SUBJECT_SHARE,
                        "2 of the tenant's last 4 events are this person's already",
                        0,
                        2));
        assertThat(world.batches())
                .singleElement()
                .satisfies(batch -> assertThat(TopologyWorld.events(batch)).containsExactly("a1", "a2", "b1", "c1"));
    }

    @Test
    void what_a_person_releases_trains_and_what_they_discard_is_refused() {
        // Given
        world.register(ACME, World.policy(ACME, 3, 0).withDefence(HALF));
        Stream.of("a1", "a2", "a3", "a4").forEach(id -> world.feedback(ACME, id, said("ann", id)));

        // When
        review("r1", Action.RELEASE, "a3", "a1", "a9");
        review("r2", Action.DISCARD, "a4", "a3");

        // Then
        assertThat(world.batches())
                .singleElement()
                .satisfies(batch -> assertThat(TopologyWorld.events(batch)).containsExactly("a1", "a2", "a3"));
        assertThat(refused()).containsExactly("a4 DISCARDED discarded by ada: as seen at 3");
        assertThat(world.read(Topics.QUARANTINE_ANSWERED).stream().map(Envelope::event))
                .containsExactly(
                        new QuarantineAnswered(new EventId("r1"), ids("a3"), ids("a1", "a9"), 1),
                        new QuarantineAnswered(new EventId("r2"), ids("a4"), ids("a3"), 0));
    }

    @Test
    void a_prompt_that_is_held_out_stays_so_when_it_is_released() {
        // Given
        world.register(ACME, World.policy(ACME, 4, 0.9).withDefence(HALF));
        Stream.of("a1", "a2", "a3").forEach(id -> world.feedback(ACME, id, said("ann", heldOut())));
        int before = world.heldOut().size();

        // When
        review("r1", Action.RELEASE, "a3");

        // Then
        assertThat(before).isEqualTo(2);
        assertThat(world.heldOut())
                .singleElement()
                .satisfies(held -> assertThat(held.sequence()).isEqualTo(3));
    }

    @Test
    void what_an_erased_person_said_leaves_quarantine_too() {
        // Given
        world.register(ACME, World.policy(ACME, 5, 0).withDefence(HALF));
        Stream.of("a1", "a2", "a3").forEach(id -> world.feedback(ACME, id, said("ann", id)));
        Stream.of("b1", "b2", "b3").forEach(id -> world.feedback(ACME, id, said("bob", id)));

        // When
        world.publish(
                Topics.ERASURE_REQUESTED, ACME, "x", new ErasureRequested(new SubjectId("ann"), "support", "asked"));
        review("r1", Action.RELEASE, "a3", "b3");
        Stream.of("a5", "a6").forEach(id -> world.feedback(ACME, id, said("ann", id)));

        // Then
        assertThat(refused())
                .containsExactly(
                        "a3 ERASED its data.subject asked to be forgotten at 2",
                        "a1 ERASED its data.subject asked to be forgotten at 0",
                        "a2 ERASED its data.subject asked to be forgotten at 1");
        assertThat(world.read(Topics.QUARANTINE_ANSWERED).getFirst().event().done())
                .isEqualTo(ids("b3"));
        assertThat(world.batches())
                .singleElement()
                .satisfies(batch -> assertThat(TopologyWorld.events(batch))
                        .as("what they said before counts no more")
                        .containsExactly("b1", "b2", "b3", "a5", "a6"));
    }

    @Test
    void a_full_quarantine_refuses() {
        // Given
        world.register(ACME, TopologyWorld.policy(ACME, 10, 3).withDefence(HALF));

        // When
        for (int i = 0; i < 6; i++) world.feedback(ACME, "a" + i, said("ann", "a" + i));

        // Then
        assertThat(world.read(Topics.FEEDBACK_QUARANTINED)).hasSize(3);
        assertThat(refused()).containsExactly("a5 BUFFER_FULL 3 events are in quarantine already at 5");
    }

    @Test
    void people_s_texts_in_quarantine_are_sealed() {
        // Given
        Optional<KeyEncryptionKey> kek = Optional.of(KeyEncryptionKey.random(new SecureRandom()));
        try (TopologyWorld sealed = new TopologyWorld(Duration.ofSeconds(1), kek)) {
            sealed.register(ACME, World.policy(ACME, 4, 0).withDefence(HALF));

            // When
            Stream.of("a1", "a2", "a3").forEach(id -> sealed.feedback(ACME, id, said("ann", id)));

            // Then
            assertThat(sealed.values(Topics.FEEDBACK_QUARANTINED.name()))
                    .singleElement()
                    .satisfies(value -> assertThat(new String(value, UTF_8))
                            .contains("a3", "subject-share", "sealed")
                            .doesNotContain("fine", "ann"));
        }
    }

    private void review(String id, Action action, String... events) {
        world.publish(
                Topics.QUARANTINE_REQUESTED, ACME, id, new QuarantineRequested(action, ids(events), "ada", "as seen"));
    }

    private List<String> refused() {
        return world.refusals().stream()
                .map(event -> event.event() + " " + event.reason() + " " + event.detail() + " at " + event.offset())
                .toList();
    }

    private static List<EventId> ids(String... ids) {
        return Stream.of(ids).map(EventId::new).toList();
    }

    private static String heldOut() {
        return Stream.iterate(1, number -> number + 1)
                .map(number -> "about " + number)
                .filter(what -> HoldoutSplit.isHeldOut(ACME, Prompt.ofUser("asked " + what), new HoldoutPolicy(0.9)))
                .findFirst()
                .orElseThrow();
    }

    private static Feedback said(String who, String what) {
        return new Feedback.Demonstration(
                Prompt.ofUser("asked " + what), "fine " + what, Optional.of(new SubjectId(who)));
    }
}
