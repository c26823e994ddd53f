package io.adaptermill.ingest.runtime;

import io.adaptermill.kafka.EventIds;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.SealedRecords;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchReopened;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.SubjectId;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// What is left of a batch, from its record as it can be read after an erasure.
public final class Reopening {
    private static final String SOURCE = "/adaptermill/ingest";

    private final SealedRecords sealed;

    public Reopening(SealedRecords sealed) {
        this.sealed = sealed;
    }

    /// @param record of `batch.closed`
    /// @return absent if the record is of another batch
    public Optional<ProducerRecord<byte[], byte[]>> of(
            ConsumerRecord<byte[], byte[]> record, BatchId wanted, Envelope<SubjectErased> erasure, Instant now) {
        if (!EventJson.read(record.value(), Name.class).batch().equals(wanted)) return Optional.empty();
        SealedRecords.Opened opened = sealed.open(record);
        Optional<BatchClosed> left = opened.isGone()
                ? Optional.empty()
                : EventRecords.read(Topics.BATCH_CLOSED, opened.record())
                        .envelope()
                        .flatMap(batch -> without(batch.event(), erasure.event().subject()));
        BatchReopened reopened = new BatchReopened(erasure.event().request(), wanted, left);
        return Optional.of(EventRecords.toRecord(
                Topics.BATCH_REOPENED,
                new Envelope<>(
                        erasure.tenant(),
                        EventIds.of(wanted, "reopened/" + erasure.event().request()),
                        SOURCE,
                        now,
                        reopened)));
    }

    /// What is in clear of a batch, whether its items are sealed or not.
    private record Name(BatchId batch) {}

    /// Where nothing is sealed, their words are still there.
    private static Optional<BatchClosed> without(BatchClosed batch, SubjectId subject) {
        return batch.without(item -> item.subject().filter(subject::equals).isPresent());
    }
}
