package io.adaptermill.evaluator;

import io.adaptermill.gates.candidate.CandidateSeries;
import io.adaptermill.kafka.Draining;
import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.Unavailable;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.id.TenantId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/// What the log says about a tenant's earlier verdicts, read to its very end before the next one: the level
/// of a test is a function of those before it, whoever gave them.
///
/// A verdict that an evaluator before us has sent, and whose transaction is not decided yet, is waited for:
/// the end is that of all records, what is read is what was committed. Candidates and verdicts of a tenant
/// share a partition number.
///
/// Owned by the judging thread.
final class VerdictHistory implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final Map<TenantId, CandidateSeries> series = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    VerdictHistory(String bootstrapServers) {
        consumer = KafkaClients.consumer(bootstrapServers, Map.of(ConsumerConfig.CLIENT_ID_CONFIG, "verdict-history"));
        admin = KafkaClients.admin(bootstrapServers);
    }

    /// @param partition of the tenant, the same in both topics
    /// @param failIfUnwanted throws when there is no point in waiting
    /// @throws Unavailable if the brokers are away
    CandidateSeries of(TenantId tenant, int partition, Runnable failIfUnwanted) {
        TopicPartition verdicts = new TopicPartition(Topics.ADAPTER_EVALUATED.name(), partition);
        try {
            readThrough(end(verdicts), verdicts, failIfUnwanted);
        } catch (RetriableException e) {
            throw new Unavailable("the verdicts in Kafka", PAUSE, e);
        }
        return series.getOrDefault(tenant, CandidateSeries.EMPTY);
    }

    private long end(TopicPartition verdicts) {
        try {
            return admin.listOffsets(
                            Map.of(verdicts, OffsetSpec.latest()),
                            new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                    .partitionResult(verdicts)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RetriableException retriable ? retriable : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Draining();
        }
    }

    private void readThrough(long end, TopicPartition verdicts, Runnable failIfUnwanted) {
        consumer.assign(List.of(verdicts));
        consumer.seek(verdicts, positions.getOrDefault(verdicts, 0L));
        while (consumer.position(verdicts) < end) {
            failIfUnwanted.run();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) remember(record);
            positions.put(verdicts, consumer.position(verdicts));
        }
    }

    /// An unreadable verdict spent nothing that anybody could know of.
    private void remember(ConsumerRecord<byte[], byte[]> record) {
        switch (EventRecords.read(Topics.ADAPTER_EVALUATED, record)) {
            case EventRead.Readable<AdapterEvaluated>(var envelope) ->
                series.merge(
                        envelope.tenant(),
                        CandidateSeries.EMPTY.after(envelope.event()),
                        (before, _) -> before.after(envelope.event()));
            case EventRead.Unreadable<AdapterEvaluated> _, EventRead.Removed<AdapterEvaluated> _ -> {}
        }
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}
