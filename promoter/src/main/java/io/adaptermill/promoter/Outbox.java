package io.adaptermill.promoter;

import io.adaptermill.kafka.EventIds;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.streams.StreamRecords;
import io.adaptermill.promoter.live.Link;
import io.adaptermill.promoter.live.Trial;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.ServingCandidate;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// What the promoter says, as records on their way out. Owned by its stream thread.
final class Outbox {
    private static final String SOURCE = "/adaptermill/promoter";

    private final ProcessorContext<byte[], Outgoing> context;

    Outbox(ProcessorContext<byte[], Outgoing> context) {
        this.context = context;
    }

    /// @param happening in the event's name, so that a repeated publication is recognised
    void decided(PromotionDecided decision, String happening) {
        TenantId tenant = decision.version().tenant();
        publish(Topics.PROMOTION_DECIDED, tenant, EventIds.of(decision.version(), happening), decision);
    }

    /// Moves the pointer of what serves; for the base model there is none.
    ///
    /// @param cause the version whose decision moves it
    void point(AdapterRef cause, Link serving, String happening) {
        TenantId tenant = cause.version().tenant();
        if (serving.adapter().isPresent()) {
            publish(
                    Topics.SERVING_ADAPTERS,
                    tenant,
                    EventIds.of(cause.version(), happening),
                    new ServingAdapter(serving.adapter().get(), serving.base().orElseThrow()));
        } else {
            remove(Topics.SERVING_ADAPTERS, tenant);
        }
    }

    /// Lets a candidate answer some conversations.
    void candidate(Trial trial) {
        publish(
                Topics.SERVING_CANDIDATES,
                trial.candidate().version().tenant(),
                EventIds.of(trial.candidate().version(), "tried"),
                new ServingCandidate(
                        trial.candidate(), trial.base(), trial.plan().share()));
    }

    void noCandidate(TenantId tenant) {
        remove(Topics.SERVING_CANDIDATES, tenant);
    }

    private void remove(Topic<?> topic, TenantId tenant) {
        context.forward(new Record<>(
                EventRecords.key(tenant), new Outgoing(topic.name(), null), context.currentSystemTimeMs()));
    }

    void answered(TenantId tenant, PromotionAnswered answer) {
        publish(Topics.PROMOTION_ANSWERED, tenant, EventIds.of(answer.request(), "answered"), answer);
    }

    void setAside(Record<byte[], byte[]> record, ContractViolation violation) {
        forward(Topics.DEAD_LETTERS, StreamRecords.deadLetter(record, violation));
    }

    private <E extends Event> void publish(Topic<E> topic, TenantId tenant, EventId id, E event) {
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        forward(topic.name(), StreamRecords.write(topic, new Envelope<>(tenant, id, SOURCE, now, event)));
    }

    private void forward(String topic, Record<byte[], byte[]> record) {
        context.forward(record.withValue(new Outgoing(topic, record.value())));
    }
}
