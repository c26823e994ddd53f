package io.adaptermill.ingest.runtime;

import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.RecordPlace;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.TenantPolicy;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the tenants' policies up to date on every instance, at start and ever after.
///
/// A record that is no policy changes nothing: the tenant's last good one counts.
public final class PolicyProcessor extends ContextualProcessor<byte[], byte[], Void, Void> {
    /// The global store that Streams fills before anything else runs.
    public static final String STORE = "policies";

    private static final Logger LOGGER = LoggerFactory.getLogger(PolicyProcessor.class);

    private final Policies policies;

    public PolicyProcessor(Policies policies) {
        this.policies = policies;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        switch (EventRecords.read(
                Topics.TENANT_POLICIES, place(record), record.key(), record.headers(), record.value())) {
            case EventRead.Readable<TenantPolicy>(var envelope) -> policies.put(envelope.tenant(), envelope.event());
            case EventRead.Removed<TenantPolicy>(var tenant) -> policies.remove(tenant);
            case EventRead.Unreadable<TenantPolicy> unreadable ->
                LOGGER.atWarn()
                        .addKeyValue("error", unreadable.violation().getMessage())
                        .log("policy is not readable and not used");
        }
    }

    private RecordPlace place(Record<?, ?> record) {
        return context()
                .recordMetadata()
                .map(data -> new RecordPlace(data.topic(), data.partition(), data.offset(), record.timestamp()))
                .orElseGet(() -> new RecordPlace(Topics.TENANT_POLICIES.name(), 0, 0, record.timestamp()));
    }
}
