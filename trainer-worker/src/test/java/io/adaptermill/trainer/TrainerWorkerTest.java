package io.adaptermill.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.kafka.Draining;
import io.adaptermill.kafka.SealedRecords;
import io.adaptermill.kafka.seal.KeyEncryptionKey;
import io.adaptermill.kafka.seal.KeyRing;
import io.adaptermill.kafka.seal.Seal;
import io.adaptermill.kafka.seal.SealedDocument;
import io.adaptermill.kafka.seal.SubjectKey;
import io.adaptermill.lora.Progress;
import io.adaptermill.lora.TrainingStats;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.trainer.training.Training;
import io.adaptermill.trainer.training.TrainingResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

class TrainerWorkerTest {
    private static final int STEPS = 3;
    private static final Digest ARTIFACT = Digest.of(new byte[] {1});

    private static final TenantId ACME = new TenantId("acme");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final KeyEncryptionKey KEK = KeyEncryptionKey.random(RANDOM);

    private final List<String> learned = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();

    @Test
    void a_batch_that_is_given_up_in_mid_training_has_no_result() {
        // Given
        Runnable drainsAfterTheFirstStep = () -> {
            if (!heard.isEmpty()) throw new Draining();
        };

        // When, then
        assertThatThrownBy(() -> worker().of(batch(), drainsAfterTheFirstStep)).isInstanceOf(Draining.class);
        assertThat(heard).containsExactly("acme#1 step 1 of 3");
    }

    @Test
    void a_batch_that_is_not_given_up_ends_in_its_version_and_tells_each_step() {
        // When
        ProducerRecord<byte[], byte[]> result = worker().of(batch(), () -> {});

        // Then
        assertThat(result.topic()).isEqualTo(Topics.ADAPTER_TRAINED.name());
        assertThat(heard).containsExactly("acme#1 step 1 of 3", "acme#1 step 2 of 3", "acme#1 step 3 of 3");
    }

    @Test
    void a_sealed_batch_is_learned_without_what_was_erased() {
        // Given
        SubjectKey ann = SubjectKey.random(ACME, RANDOM);
        SubjectKey bob = SubjectKey.random(ACME, RANDOM);
        KeyRing ring = new KeyRing(KEK);
        List.of(ann, bob).forEach(key -> ring.put(KEK.wrap(key, RANDOM)));
        ConsumerRecord<byte[], byte[]> record = sealed(Map.of("ann", ann, "bob", bob));

        // When
        ring.destroy(ACME, ann.id());
        ProducerRecord<byte[], byte[]> result =
                worker(SealedRecords.with(ring, () -> {})).of(record, () -> {});

        // Then
        assertThat(result.topic()).isEqualTo(Topics.ADAPTER_TRAINED.name());
        assertThat(learned).containsExactly("of bob");
    }

    @Test
    void a_batch_of_which_nothing_is_left_fails_so_that_the_next_one_may_close() {
        // Given
        SubjectKey key = SubjectKey.random(ACME, RANDOM);
        ConsumerRecord<byte[], byte[]> record = sealed(Map.of("ann", key, "bob", key));

        // When
        ProducerRecord<byte[], byte[]> result =
                worker(SealedRecords.with(new KeyRing(KEK), () -> {})).of(record, () -> {});

        // Then
        assertThat(result.topic()).isEqualTo(Topics.TRAINING_FAILED.name());
        assertThat(EventJson.read(result.value(), TrainingFailed.class).reason())
                .isEqualTo("everything in it was erased");
        assertThat(result.key()).isEqualTo(record.key());
    }

    @Test
    void a_batch_that_was_tampered_with_is_set_aside() {
        // Given
        SubjectKey key = SubjectKey.random(ACME, RANDOM);
        KeyRing ring = new KeyRing(KEK);
        ring.put(KEK.wrap(key, RANDOM));
        ConsumerRecord<byte[], byte[]> good = sealed(Map.of("ann", key, "bob", key));
        byte[] moved = new String(good.value(), UTF_8)
                .replace("acme#1-e1", "acme#1-e9")
                .getBytes(UTF_8);
        ConsumerRecord<byte[], byte[]> record = record(good.key(), moved, good.headers());

        // When
        ProducerRecord<byte[], byte[]> result =
                worker(SealedRecords.with(ring, () -> {})).of(record, () -> {});

        // Then
        assertThat(result.topic()).isEqualTo(Topics.DEAD_LETTERS);
    }

    @Test
    void without_the_key_encryption_key_a_sealed_batch_stops_the_trainer() {
        // Given
        SubjectKey key = SubjectKey.random(ACME, RANDOM);
        ConsumerRecord<byte[], byte[]> record = sealed(Map.of("ann", key, "bob", key));

        // Then
        assertThatThrownBy(() -> worker().of(record, () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("adaptermill.seal-key is not set");
    }

    private static ConsumerRecord<byte[], byte[]> sealed(Map<String, SubjectKey> keys) {
        BatchClosed batch = TrainerIT.batch("acme");
        List<BatchItem> items = List.of("ann", "bob").stream()
                .map(name -> new BatchItem(
                        new EventId("acme#1-e" + (name.equals("ann") ? 1 : 2)),
                        Optional.of(new SubjectId(name)),
                        new Example.Demonstration(Prompt.ofUser("How?"), "of " + name)))
                .toList();
        BatchClosed theirs = new BatchClosed(
                batch.batch(), batch.reason(), batch.parent(), batch.recipe(), batch.seed(), 0, 9, items);
        ProducerRecord<byte[], byte[]> sent = TrainerIT.record(theirs);
        SealedRecords.mark(sent.headers());
        byte[] value = SealedDocument.seal(
                sent.topic(),
                ACME,
                sent.value(),
                subject -> Objects.requireNonNull(keys.get(subject.value())),
                new Seal(RANDOM));
        return record(sent.key(), value, sent.headers());
    }

    private TrainerWorker worker() {
        return worker(SealedRecords.none());
    }

    private TrainerWorker worker(SealedRecords sealed) {
        Training training = new Training() {
            @Override
            public TrainingResult train(BatchClosed batch, Progress progress) {
                batch.items().stream()
                        .map(item -> ((Example.Demonstration) item.example()).response())
                        .forEach(learned::add);
                for (int step = 1; step <= STEPS; step++) progress.step(step, STEPS, 2.5);
                return new TrainingResult.Stored(ARTIFACT, FakeTraining.BASE, new TrainingStats(STEPS, 10, 2.5, 2.5));
            }

            @Override
            public void close() {}
        };
        return new TrainerWorker(
                sealed,
                training,
                (tenant, batch, step, steps, loss) -> heard.add(batch + " step " + step + " of " + steps),
                new TrainerMetrics(new SimpleMeterRegistry()),
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    }

    private static ConsumerRecord<byte[], byte[]> batch() {
        ProducerRecord<byte[], byte[]> sent = TrainerIT.record(TrainerIT.batch("acme"));
        return record(sent.key(), sent.value(), sent.headers());
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value, Headers headers) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(Topics.BATCH_CLOSED.name(), 0, 0, key, value);
        headers.forEach(record.headers()::add);
        return record;
    }
}
