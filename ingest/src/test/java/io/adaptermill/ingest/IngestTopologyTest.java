package io.adaptermill.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.kafka.DeadLetters;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IngestTopologyTest {
    private static final TenantId ACME = new TenantId("acme");

    private final TopologyWorld world = new TopologyWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_rating_is_joined_whether_it_comes_before_its_answer_or_after() {
        // Given
        world.register(ACME, World.policy(ACME, 2, 0));

        // When
        world.feedback(ACME, "before", thumbUp("i-1"));
        world.serve(ACME, "i-1", "hi", "hello");
        world.feedback(ACME, "after", thumbUp("i-1"));

        // Then
        assertThat(world.batches().getFirst().items().stream().map(item -> item.example()))
                .containsExactly(
                        new Example.Rating(Prompt.ofUser("hi"), "hello", true),
                        new Example.Rating(Prompt.ofUser("hi"), "hello", true));
    }

    @Test
    void a_rating_whose_answer_never_comes_is_refused_once() {
        // Given
        world.register(ACME, World.policy(ACME, 2, 0));
        world.feedback(ACME, "r", thumbUp("i-1"));

        // When
        world.passes(Duration.ofSeconds(59));
        List<FeedbackRefused> early = world.refusals();
        world.passes(Duration.ofSeconds(2));
        List<FeedbackRefused> late = world.refusals();
        world.serve(ACME, "i-1", "hi", "hello");
        world.passes(Duration.ofHours(1));

        // Then
        assertThat(early).isEmpty();
        assertThat(late.stream().map(FeedbackRefused::reason)).containsExactly(RefusalReason.UNKNOWN_INFERENCE);
        assertThat(world.refusals()).isEmpty();
        assertThat(world.batches()).isEmpty();
    }

    @Test
    void one_tenants_answer_never_serves_anothers_rating() {
        // Given
        TenantId other = new TenantId("other");
        world.register(ACME, World.policy(ACME, 1, 0));
        world.register(other, World.policy(other, 1, 0));
        world.serve(other, "i-1", "secret question", "secret answer");

        // When
        world.feedback(ACME, "r", thumbUp("i-1"));
        world.passes(Duration.ofMinutes(2));

        // Then
        assertThat(world.batches()).isEmpty();
        assertThat(world.refusals().stream().map(FeedbackRefused::reason))
                .containsExactly(RefusalReason.UNKNOWN_INFERENCE);
    }

    @Test
    void refusals_say_why_and_where() {
        // Given
        world.register(ACME, World.policy(ACME, 100, 0));

        // When
        world.feedback(ACME, "e", demonstration("q"));
        world.feedback(ACME, "e", demonstration("q"));
        world.feedback(new TenantId("nobody"), "e", demonstration("q"));
        world.feedback(
                ACME, "big", new Feedback.Demonstration(Prompt.ofUser("q"), "x".repeat(70_000), Optional.empty()));
        world.raw(ACME, "bad", Topics.FEEDBACK_RECEIVED.eventType(), "{\"kind\": \"demonstration\"}".getBytes());
        world.raw(ACME, "v2", "io.adaptermill.feedback.received.v2", "{}".getBytes());
        world.raw(ACME, "huge", Topics.FEEDBACK_RECEIVED.eventType(), new byte[600_000]);

        // Then
        assertThat(world.refusals().stream().map(r -> r.event() + " " + r.reason() + " " + r.offset()))
                .containsExactly(
                        "e DUPLICATE 1",
                        "e UNKNOWN_TENANT 2",
                        "big TOO_LARGE 3",
                        "bad CONTRACT_VIOLATION 4",
                        "v2 UNSUPPORTED_SCHEMA_VERSION 5",
                        "huge TOO_LARGE 6");
    }

    @Test
    void what_names_nobody_who_could_be_told_is_dead_lettered_as_it_came() {
        // Given
        byte[] noise = {(byte) 0xff, 0, 1};

        // When
        world.unkeyed(noise);

        // Then
        var letter = world.deadLetters().getFirst();
        assertThat(letter.value()).isEqualTo(noise);
        assertThat(letter.headers().lastHeader(DeadLetters.FIELD).value()).isEqualTo("key".getBytes());
        assertThat(letter.headers().lastHeader(DeadLetters.TOPIC).value())
                .isEqualTo(Topics.FEEDBACK_RECEIVED.name().getBytes());
        assertThat(letter.headers().lastHeader("origin-offset")).isNull();
    }

    @Test
    void hold_out_is_counted_and_batches_say_through_where() {
        // Given
        world.register(ACME, World.policy(ACME, 20, 0.5));

        // When
        for (int i = 1; i <= 60; i++) world.feedback(ACME, "e" + i, demonstration("q" + i));

        // Then
        List<HoldoutAssigned> heldOut = world.heldOut();
        BatchClosed batch = world.batches().getFirst();
        assertThat(heldOut.stream().map(HoldoutAssigned::sequence))
                .startsWith(1L, 2L, 3L)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(batch.holdoutThrough()).isBetween(5L, (long) heldOut.size());
    }

    @Test
    void personal_data_leaves_before_anything_is_published() {
        // Given
        world.register(ACME, World.policy(ACME, 1, 0));

        // When
        world.feedback(
                ACME,
                "e1",
                new Feedback.Demonstration(Prompt.ofUser("I am jane@example.com"), "Hello", Optional.empty()));

        // Then
        assertThat(world.batches().getFirst().items().getFirst().example())
                .isEqualTo(new Example.Demonstration(Prompt.ofUser("I am [email]"), "Hello"));
    }

    private static Feedback demonstration(String prompt) {
        return new Feedback.Demonstration(Prompt.ofUser(prompt), "fine", Optional.empty());
    }

    private static Feedback thumbUp(String inference) {
        return new Feedback.Rating(
                Optional.of(new InferenceId(inference)),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Thumb.UP),
                Optional.empty(),
                Optional.empty());
    }
}
