package io.adaptermill.kafka.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.adaptermill.kafka.seal.SealedDocument.Opened;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.Recipe;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SealedDocumentTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final KeyEncryptionKey KEK = KeyEncryptionKey.random(RANDOM);

    private final KeyRing ring = new KeyRing(KEK);
    private final Map<SubjectId, SubjectKey> keys = new HashMap<>();

    @Test
    void a_batch_comes_back_as_it_was() {
        // Given
        BatchClosed batch = batch(item("e-1", "ann"), item("e-2", "bob"), item("e-3", null));

        // When
        byte[] sealed = sealed(Topics.BATCH_CLOSED.name(), EventJson.write(batch));
        Opened opened = SealedDocument.open(Topics.BATCH_CLOSED.name(), ACME, sealed, ring);

        // Then
        assertThat(EventJson.read(opened.json(), BatchClosed.class)).isEqualTo(batch);
        assertThat(opened.json()).as("the same bytes").isEqualTo(EventJson.write(batch));
        assertThat(opened.erased()).isEmpty();
    }

    @Test
    void nothing_of_a_named_person_is_in_clear() {
        // When
        byte[] sealed =
                sealed(Topics.BATCH_CLOSED.name(), EventJson.write(batch(item("e-1", "ann"), item("e-2", "bob"))));

        // Then
        assertThat(new String(sealed, UTF_8))
                .contains("acme#1", "e-1", "e-2")
                .doesNotContain("\"ann\"", "\"bob\"", "was said", "\"subject\"", "\"example\"");
        assertThat(SealedDocument.keys(sealed)).hasSize(2);
    }

    @Test
    void an_erased_person_was_never_in_the_batch() {
        // Given
        byte[] sealed = sealed(
                Topics.BATCH_CLOSED.name(),
                EventJson.write(batch(item("e-1", "ann"), item("e-2", "bob"), item("e-3", "ann"), item("e-4", null))));

        // When
        forget("ann");
        Opened opened = SealedDocument.open(Topics.BATCH_CLOSED.name(), ACME, sealed, ring);

        // Then
        assertThat(EventJson.read(opened.json(), BatchClosed.class))
                .isEqualTo(batch(item("e-2", "bob"), item("e-4", null)));
        assertThat(opened.erased()).containsExactly(new EventId("e-1"), new EventId("e-3"));
        assertThat(opened.isGone()).isFalse();
    }

    @Test
    void what_is_replayed_is_sealed_and_erased_like_what_is_new() {
        // Given
        BatchClosed batch = replaying(List.of(item("e-1", "ann"), item("e-2", "bob")), item("e-3", "ann"));
        byte[] sealed = sealed(Topics.BATCH_CLOSED.name(), EventJson.write(batch));
        byte[] before = SealedDocument.open(Topics.BATCH_CLOSED.name(), ACME, sealed, ring)
                .json();

        // When
        forget("ann");
        Opened opened = SealedDocument.open(Topics.BATCH_CLOSED.name(), ACME, sealed, ring);

        // Then
        assertThat(new String(sealed, UTF_8)).doesNotContain("was said", "\"ann\"");
        assertThat(before).isEqualTo(EventJson.write(batch));
        assertThat(EventJson.read(opened.json(), BatchClosed.class)).isEqualTo(batch(item("e-2", "bob")));
        assertThat(opened.erased()).containsExactly(new EventId("e-1"), new EventId("e-3"));
    }

    private static BatchClosed replaying(List<BatchItem> items, BatchItem... replayed) {
        BatchClosed plain = batch(items.toArray(BatchItem[]::new));
        return new BatchClosed(
                plain.batch(),
                plain.reason(),
                plain.parent(),
                plain.recipe(),
                plain.seed(),
                plain.holdoutThrough(),
                plain.tokensEstimated(),
                plain.items(),
                Optional.of(List.of(replayed)));
    }

    @Test
    void a_hold_out_example_is_there_or_gone() {
        // Given
        HoldoutAssigned assigned = new HoldoutAssigned(
                new EventId("e-1"),
                7,
                Optional.of(new SubjectId("ann")),
                item("e-1", "ann").example());
        String topic = Topics.HOLDOUT_ASSIGNED.name();
        byte[] sealed = sealed(topic, EventJson.write(assigned));

        // When
        Opened before = SealedDocument.open(topic, ACME, sealed, ring);
        forget("ann");
        Opened after = SealedDocument.open(topic, ACME, sealed, ring);

        // Then
        assertThat(EventJson.read(before.json(), HoldoutAssigned.class)).isEqualTo(assigned);
        assertThat(after.isGone()).isTrue();
        assertThat(after.erased()).containsExactly(new EventId("e-1"));
    }

    @Test
    void a_text_cannot_be_moved_to_another_event_or_topic() {
        // Given
        byte[] sealed = sealed(Topics.BATCH_CLOSED.name(), EventJson.write(batch(item("e-1", "ann"))));
        byte[] moved = new String(sealed, UTF_8).replace("e-1", "e-2").getBytes(UTF_8);

        // Then
        assertThatExceptionOfType(Tampered.class)
                .isThrownBy(() -> SealedDocument.open(Topics.BATCH_CLOSED.name(), ACME, moved, ring));
        assertThatExceptionOfType(Tampered.class)
                .isThrownBy(() -> SealedDocument.open(Topics.HOLDOUT_ASSIGNED.name(), ACME, sealed, ring));
    }

    private byte[] sealed(String topic, byte[] json) {
        return SealedDocument.seal(topic, ACME, json, this::key, new Seal(RANDOM));
    }

    private SubjectKey key(SubjectId subject) {
        return keys.computeIfAbsent(subject, _ -> {
            SubjectKey key = SubjectKey.random(ACME, RANDOM);
            ring.put(KEK.wrap(key, RANDOM));
            return key;
        });
    }

    private void forget(String subject) {
        ring.destroy(ACME, key(new SubjectId(subject)).id());
    }

    private static BatchItem item(String event, @Nullable String subject) {
        return new BatchItem(
                new EventId(event),
                Optional.ofNullable(subject).map(SubjectId::new),
                new Example.Demonstration(Prompt.ofUser("asked in " + event), "what was said in " + event));
    }

    private static BatchClosed batch(BatchItem... items) {
        return new BatchClosed(
                new BatchId(ACME, 1), CloseReason.COUNT, Optional.empty(), Recipe.DEFAULT, 7, 0, 9, List.of(items));
    }
}
