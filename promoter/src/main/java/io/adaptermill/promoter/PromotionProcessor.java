package io.adaptermill.promoter;

import io.adaptermill.kafka.EventRead.Readable;
import io.adaptermill.kafka.EventRead.Removed;
import io.adaptermill.kafka.EventRead.Unreadable;
import io.adaptermill.kafka.streams.StreamRecords;
import io.adaptermill.promoter.live.Signal;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.PromotionRequested;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/// Reads verdicts, people's requests, erasures and users' ratings, one tenant's one after another, and hands each to
/// whoever
/// decides. Owned by its stream thread.
final class PromotionProcessor implements Processor<byte[], byte[], byte[], Outgoing> {
    private final PromotionListener listener;
    private ProcessorContext<byte[], Outgoing> context;
    private Outbox outbox;
    private Verdicts verdicts;
    private PersonRequests requests;
    private LiveRatings ratings;
    private Erasures erasures;

    // Streams hands context and stores over in init, before anything else.
    @SuppressWarnings("NullAway.Init")
    PromotionProcessor(PromotionListener listener) {
        this.listener = listener;
    }

    @Override
    public void init(ProcessorContext<byte[], Outgoing> own) {
        TenantMemory memory = new TenantMemory(own);
        context = own;
        outbox = new Outbox(own);
        Trials trials = new Trials(memory, outbox, listener);
        verdicts = new Verdicts(memory, outbox, trials, listener);
        requests = new PersonRequests(memory, outbox, trials, listener);
        ratings = new LiveRatings(memory, outbox, trials, listener);
        erasures = new Erasures(memory, outbox, trials, listener);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata metadata = context.recordMetadata().orElseThrow();
        if (metadata.topic().equals(Topics.ADAPTER_EVALUATED.name())) {
            read(Topics.ADAPTER_EVALUATED, record, metadata, envelope -> verdicts.decide(envelope.event()));
        } else if (metadata.topic().equals(Topics.PROMOTION_REQUESTED.name())) {
            read(Topics.PROMOTION_REQUESTED, record, metadata, requests::requested);
        } else if (metadata.topic().equals(Topics.SUBJECT_ERASED.name())) {
            read(
                    Topics.SUBJECT_ERASED,
                    record,
                    metadata,
                    envelope -> erasures.erased(envelope.tenant(), envelope.event()));
        } else {
            TenantId tenant = new TenantId(new String(record.key(), StandardCharsets.UTF_8));
            ratings.signalled(tenant, EventJson.read(record.value(), Signal.class));
        }
    }

    private <E extends Event> void read(
            Topic<E> topic, Record<byte[], byte[]> record, RecordMetadata metadata, Consumer<Envelope<E>> handler) {
        switch (StreamRecords.read(topic, record, metadata)) {
            case Readable<E>(Envelope<E> envelope) ->
                foreignVersion(envelope, metadata)
                        .ifPresentOrElse(violation -> setAside(record, violation), () -> handler.accept(envelope));
            case Unreadable<E> unreadable -> setAside(record, unreadable.violation());
            case Removed<E> _ ->
                throw new IllegalStateException(topic + " has no removals: EventRecords reads them as unreadable");
        }
    }

    private void setAside(Record<byte[], byte[]> record, ContractViolation violation) {
        listener.unreadable(violation);
        outbox.setAside(record, violation);
    }

    /// A tenant must never move another tenant's pointer.
    private static Optional<ContractViolation> foreignVersion(Envelope<?> envelope, RecordMetadata metadata) {
        Stream<VersionId> named = switch (envelope.event()) {
            case AdapterEvaluated event -> Stream.of(event.version());
            case PromotionRequested event -> event.version().stream();
            case SubjectErased event -> event.versions().stream();
            default -> Stream.empty();
        };
        return named.filter(version -> !version.tenant().equals(envelope.tenant()))
                .findFirst()
                .map(_ -> new ContractViolation(
                        metadata.topic(),
                        metadata.partition(),
                        metadata.offset(),
                        "data.version",
                        "must be a version of the key's tenant"));
    }
}
