package io.adaptermill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.testkit.Broker;
import io.adaptermill.testkit.WithBroker;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

@WithBroker(WithBroker.Scope.CLASS)
class TopicsIT {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final TenantId ACME = new TenantId("acme");

    private final Broker broker;

    TopicsIT(Broker broker) {
        this.broker = broker;
    }

    @Test
    void topics_that_are_there_are_kept() {
        // Given
        TopicSetup.ensure(broker.bootstrapServers(), 6);

        // When
        List<TopicPlan.Step> steps = TopicSetup.ensure(broker.bootstrapServers(), 6);

        // Then
        assertThat(steps)
                .hasSize(Topics.ALL.size() + 2)
                .allSatisfy(step -> assertThat(step).isInstanceOf(TopicPlan.Step.Keep.class));
    }

    @Test
    void a_topic_with_other_partitions_is_reported_and_left() {
        // Given
        TopicSetup.ensure(broker.bootstrapServers(), 6);

        // When
        List<TopicPlan.Step> steps = TopicSetup.ensure(broker.bootstrapServers(), 12);

        // Then
        assertThat(steps)
                .contains(new TopicPlan.Step.Differ(
                        Topics.BATCH_CLOSED.name(), List.of("has 6 partitions, expected 12")));
    }

    @Test
    void a_reader_hears_what_was_there_says_so_and_goes_on() throws Exception {
        // Given
        TopicSetup.ensure(broker.bootstrapServers(), 6);
        BlockingQueue<EventRead<TrainingFailed>> heard = new LinkedBlockingQueue<>();
        send(failed(1));

        // When
        try (TopicReader reader =
                TopicReader.named("test").on(Topics.TRAINING_FAILED, heard::add).start(broker.bootstrapServers())) {
            reader.caughtUp().get(20, TimeUnit.SECONDS);
            int heardWhenCaughtUp = heard.size();
            send(failed(2));

            // Then
            assertThat(heardWhenCaughtUp).isEqualTo(1);
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(new EventRead.Readable<>(envelope(1)));
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(new EventRead.Readable<>(envelope(2)));
            assertThat(reader.failure()).isEmpty();
        }
    }

    @Test
    void a_reader_whose_handler_throws_says_why() throws Exception {
        // Given
        TopicSetup.ensure(broker.bootstrapServers(), 6);
        send(EventRecords.toRemoval(Topics.TENANT_POLICIES, ACME));

        // When
        try (TopicReader reader = TopicReader.named("test")
                .on(Topics.TENANT_POLICIES, TopicsIT::refuse)
                .start(broker.bootstrapServers())) {

            // Then
            assertThat(reader.caughtUp()).failsWithin(20, TimeUnit.SECONDS);
            assertThat(reader.failure()).get().isInstanceOf(IllegalStateException.class);
        }
    }

    private static void refuse(EventRead<TenantPolicy> read) {
        throw new IllegalStateException("this handler takes nothing, not even " + read);
    }

    private void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(broker.bootstrapServers(), Map.of())) {
            producer.send(record).get(10, TimeUnit.SECONDS);
        }
    }

    private static ProducerRecord<byte[], byte[]> failed(long batch) {
        return EventRecords.toRecord(Topics.TRAINING_FAILED, envelope(batch));
    }

    private static Envelope<TrainingFailed> envelope(long batch) {
        BatchId id = new BatchId(ACME, batch);
        return new Envelope<>(
                ACME,
                EventIds.of(id, "failed"),
                "/adaptermill/test",
                NOON,
                new TrainingFailed(id, 3, "loss is not a number", "lower the learning rate"));
    }
}
