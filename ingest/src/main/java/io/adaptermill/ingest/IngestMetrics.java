package io.adaptermill.ingest;

import io.adaptermill.ingest.runtime.IngestMeter;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.QuarantineReason;
import io.adaptermill.schemas.event.RefusalReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Locale;

/// One counter per journey step, named after its topic; no tenant in a label.
@Singleton
public final class IngestMetrics implements IngestMeter {
    private final MeterRegistry registry;
    private final Counter received;
    private final Counter heldOut;
    private final Counter batched;
    private final Counter deadLettered;

    public IngestMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.received = registry.counter(Topics.FEEDBACK_RECEIVED.name());
        this.heldOut = registry.counter(Topics.HOLDOUT_ASSIGNED.name());
        this.batched = registry.counter(Topics.BATCH_CLOSED.name() + ".items");
        this.deadLettered = registry.counter(Topics.DEAD_LETTERS);
    }

    /// Over HTTP, after the broker's word.
    public void received() {
        received.increment();
    }

    @Override
    public void refused(RefusalReason reason) {
        registry.counter(Topics.FEEDBACK_REFUSED.name(), "reason", word(reason)).increment();
    }

    @Override
    public void quarantined(QuarantineReason reason) {
        registry.counter(Topics.FEEDBACK_QUARANTINED.name(), "reason", word(reason))
                .increment();
    }

    @Override
    public void heldOut() {
        heldOut.increment();
    }

    @Override
    public void closed(BatchClosed batch) {
        registry.counter(Topics.BATCH_CLOSED.name(), "reason", word(batch.reason()))
                .increment();
        batched.increment(batch.items().size());
    }

    @Override
    public void deadLettered() {
        deadLettered.increment();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
