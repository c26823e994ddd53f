package io.adaptermill.promoter;

import io.adaptermill.kafka.EventIds;
import io.adaptermill.kafka.EventRead.Readable;
import io.adaptermill.kafka.EventRead.Removed;
import io.adaptermill.kafka.EventRead.Unreadable;
import io.adaptermill.kafka.streams.StreamRecords;
import io.adaptermill.promoter.promotion.Decision;
import io.adaptermill.promoter.promotion.PromotionState;
import io.adaptermill.promoter.promotion.Promotions;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/// Reads an evaluation, asks [Promotions], remembers and publishes. Owned by its stream thread.
final class PromotionProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private static final String SOURCE = "/adaptermill/promoter";

    private final PromotionListener listener;
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<TenantId, PromotionState> states;

    // Streams hands context and stores over in init, before anything else.
    @SuppressWarnings("NullAway.Init")
    PromotionProcessor(PromotionListener listener) {
        this.listener = listener;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> own) {
        context = own;
        states = own.getStateStore(PromotionTopology.STATE);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata metadata = context.recordMetadata().orElseThrow();
        switch (StreamRecords.read(Topics.ADAPTER_EVALUATED, record, metadata)) {
            case Readable<AdapterEvaluated>(Envelope<AdapterEvaluated> evaluated) ->
                foreignVersion(evaluated, metadata)
                        .ifPresentOrElse(violation -> setAside(record, violation), () -> decide(evaluated));
            case Unreadable<AdapterEvaluated> unreadable -> setAside(record, unreadable.violation());
            case Removed<AdapterEvaluated> _ ->
                throw new IllegalStateException(
                        "adapter.evaluated has no removals: EventRecords reads them as unreadable");
        }
    }

    private void decide(Envelope<AdapterEvaluated> evaluated) {
        AdapterEvaluated evaluation = evaluated.event();
        PromotionState state =
                Optional.ofNullable(states.get(evaluated.tenant())).orElse(PromotionState.NEW);
        Decision decision = Promotions.decide(state, evaluation);
        listener.decided(evaluation.ref(), decision);
        states.put(evaluated.tenant(), state.after(evaluation.ref(), decision));
        switch (decision) {
            case Decision.Promote(String reason) -> {
                publish(state, evaluated, PromotionOutcome.PROMOTED, reason);
                point(evaluated);
            }
            case Decision.Hold(String reason) -> publish(state, evaluated, PromotionOutcome.HELD, reason);
            case Decision.Refuse(String reason) -> publish(state, evaluated, PromotionOutcome.REFUSED, reason);
            case Decision.AlreadyDecided _ -> {}
        }
    }

    private void publish(
            PromotionState before, Envelope<AdapterEvaluated> evaluated, PromotionOutcome outcome, String reason) {
        AdapterEvaluated evaluation = evaluated.event();
        PromotionDecided decided =
                new PromotionDecided(evaluation.version(), evaluation.artifact(), outcome, before.champion(), reason);
        forward(
                PromotionTopology.DECISIONS,
                Topics.PROMOTION_DECIDED,
                evaluated.tenant(),
                EventIds.of(evaluation.version(), "decided"),
                decided);
    }

    private void point(Envelope<AdapterEvaluated> evaluated) {
        AdapterEvaluated evaluation = evaluated.event();
        forward(
                PromotionTopology.POINTER,
                Topics.SERVING_ADAPTERS,
                evaluated.tenant(),
                EventIds.of(evaluation.version(), "serving"),
                new ServingAdapter(evaluation.ref(), evaluation.base()));
    }

    private <E extends Event> void forward(String sink, Topic<E> topic, TenantId tenant, EventId id, E event) {
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        context.forward(StreamRecords.write(topic, new Envelope<>(tenant, id, SOURCE, now, event)), sink);
    }

    private void setAside(Record<byte[], byte[]> record, ContractViolation violation) {
        listener.unreadable(violation);
        context.forward(StreamRecords.deadLetter(record, violation), PromotionTopology.DEAD_LETTERS);
    }

    /// A tenant must never move another tenant's pointer.
    private static Optional<ContractViolation> foreignVersion(
            Envelope<AdapterEvaluated> evaluated, RecordMetadata metadata) {
        if (evaluated.event().version().tenant().equals(evaluated.tenant())) {
            return Optional.empty();
        }
        return Optional.of(new ContractViolation(
                metadata.topic(),
                metadata.partition(),
                metadata.offset(),
                "data.version",
                "must be a version of the key's tenant"));
    }
}
