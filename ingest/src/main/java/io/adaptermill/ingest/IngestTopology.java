package io.adaptermill.ingest;

import io.adaptermill.ingest.runtime.IngestMeter;
import io.adaptermill.ingest.runtime.Outgoing;
import io.adaptermill.ingest.runtime.Policies;
import io.adaptermill.ingest.runtime.PolicyProcessor;
import io.adaptermill.ingest.runtime.ProductEntry;
import io.adaptermill.ingest.runtime.TenantProcessor;
import io.adaptermill.ingest.runtime.Timing;
import io.adaptermill.ingest.store.StoreBuilders;
import io.adaptermill.kafka.seal.KeyEncryptionKey;
import io.adaptermill.schemas.Topics;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// Feedback in; refusals, quarantine, hold-out and batches out.
///
/// Everything is read and written as bytes, so that no record, however broken, stops the stream: the processors decide
/// what it is.
final class IngestTopology {
    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private IngestTopology() {}

    /// @param kek with which people's keys are wrapped; absent where nothing is sealed
    static Topology of(Policies policies, Timing timing, IngestMeter meter, Optional<KeyEncryptionKey> kek) {
        StreamsBuilder builder = new StreamsBuilder();
        followPolicies(builder, policies);
        KStream<byte[], byte[]> products = builder.stream(
                        Set.of(
                                Topics.FEEDBACK_RECEIVED.name(),
                                Topics.INFERENCE_SERVED.name(),
                                Topics.ERASURE_REQUESTED.name(),
                                Topics.QUARANTINE_REQUESTED.name()),
                        Consumed.with(BYTES, BYTES))
                .process(ProductEntry::new)
                .repartition(Repartitioned.with(BYTES, BYTES).withName("by-tenant"));
        products.merge(builder.stream(
                        Set.of(
                                Topics.PROMOTION_DECIDED.name(),
                                Topics.TRAINING_FAILED.name(),
                                Topics.BATCH_REOPENED.name()),
                        Consumed.with(BYTES, BYTES)))
                .process(new Tenants(policies, timing, meter, kek))
                .to((_, outgoing, _) -> outgoing.topic(), Produced.with(BYTES, outgoing()));
        return builder.build();
    }

    private static void followPolicies(StreamsBuilder builder, Policies policies) {
        builder.addGlobalStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(PolicyProcessor.STORE), BYTES, BYTES),
                Topics.TENANT_POLICIES.name(),
                Consumed.with(BYTES, BYTES),
                () -> new PolicyProcessor(policies));
    }

    private static Serde<Outgoing> outgoing() {
        return Serdes.serdeFrom((_, outgoing) -> outgoing.value(), (topic, _) -> {
            throw new IllegalStateException("what goes out to " + topic + " is never read back here");
        });
    }

    private record Tenants(Policies policies, Timing timing, IngestMeter meter, Optional<KeyEncryptionKey> kek)
            implements ProcessorSupplier<byte[], byte[], byte[], Outgoing> {
        @Override
        public Processor<byte[], byte[], byte[], Outgoing> get() {
            return new TenantProcessor(policies, timing, meter, kek);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return StoreBuilders.builders(timing.seen(), timing.answers());
        }
    }
}
