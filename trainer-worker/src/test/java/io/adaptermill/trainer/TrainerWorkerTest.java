package io.adaptermill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.kafka.Draining;
import io.adaptermill.lora.Progress;
import io.adaptermill.lora.TrainingStats;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.trainer.training.Training;
import io.adaptermill.trainer.training.TrainingResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class TrainerWorkerTest {
    private static final int STEPS = 3;
    private static final Digest ARTIFACT = Digest.of(new byte[] {1});

    private final List<String> heard = new ArrayList<>();

    @Test
    void a_batch_that_is_given_up_in_mid_training_has_no_result() {
        // Given
        Runnable drainsAfterTheFirstStep = () -> {
            if (!heard.isEmpty()) throw new Draining();
        };

        // When, then
        assertThatThrownBy(() -> worker().work(batch(), drainsAfterTheFirstStep))
                .isInstanceOf(Draining.class);
        assertThat(heard).containsExactly("acme#1 step 1 of 3");
    }

    @Test
    void a_batch_that_is_not_given_up_ends_in_its_version_and_tells_each_step() {
        // When
        ProducerRecord<byte[], byte[]> result = worker().work(batch(), () -> {});

        // Then
        assertThat(result.topic()).isEqualTo(Topics.ADAPTER_TRAINED.name());
        assertThat(heard).containsExactly("acme#1 step 1 of 3", "acme#1 step 2 of 3", "acme#1 step 3 of 3");
    }

    private TrainerWorker worker() {
        Training training = new Training() {
            @Override
            public TrainingResult train(BatchClosed batch, Progress progress) {
                for (int step = 1; step <= STEPS; step++) progress.step(step, STEPS, 2.5);
                return new TrainingResult.Stored(ARTIFACT, FakeTraining.BASE, new TrainingStats(STEPS, 10, 2.5, 2.5));
            }

            @Override
            public void close() {}
        };
        return new TrainerWorker(
                training,
                (tenant, batch, step, steps, loss) -> heard.add(batch + " step " + step + " of " + steps),
                new TrainerMetrics(new SimpleMeterRegistry()),
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    }

    private static ConsumerRecord<byte[], byte[]> batch() {
        ProducerRecord<byte[], byte[]> sent = TrainerIT.record(TrainerIT.batch("acme"));
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(sent.topic(), 0, 0, sent.key(), sent.value());
        sent.headers().forEach(record.headers()::add);
        return record;
    }
}
