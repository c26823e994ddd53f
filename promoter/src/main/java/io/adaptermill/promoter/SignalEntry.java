package io.adaptermill.promoter;

import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.streams.StreamRecords;
import io.adaptermill.promoter.live.Signal;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.id.TenantId;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/// Takes from what products send the little that live ratings need, before it is brought to its tenant's
/// partition: producers in other languages choose partitions by other hashes.
///
/// What is unreadable here is ingest's to set aside.
final class SignalEntry extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata metadata = context().recordMetadata().orElseThrow();
        if (metadata.topic().equals(Topics.INFERENCE_SERVED.name())) served(record, metadata);
        else received(record, metadata);
    }

    private void served(Record<byte[], byte[]> record, RecordMetadata metadata) {
        EventRead<InferenceServed> read = StreamRecords.read(Topics.INFERENCE_SERVED, record, metadata);
        read.envelope().ifPresent(envelope -> forward(envelope.tenant(), Optional.of(Signal.of(envelope.event()))));
    }

    private void received(Record<byte[], byte[]> record, RecordMetadata metadata) {
        EventRead<FeedbackReceived> read = StreamRecords.read(Topics.FEEDBACK_RECEIVED, record, metadata);
        read.envelope()
                .ifPresent(envelope ->
                        forward(envelope.tenant(), Signal.of(envelope.event().feedback())));
    }

    private void forward(TenantId tenant, Optional<Signal> signal) {
        signal.ifPresent(known -> context()
                .forward(new Record<>(
                        EventRecords.key(tenant),
                        EventJson.write(known),
                        context().currentSystemTimeMs())));
    }
}
