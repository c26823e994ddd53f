package io.adaptermill.promoter;

import io.adaptermill.kafka.JsonSerde;
import io.adaptermill.kafka.TenantSerde;
import io.adaptermill.promoter.live.AnswerState;
import io.adaptermill.promoter.live.ServingLine;
import io.adaptermill.promoter.promotion.PromotionState;
import io.adaptermill.promoter.request.TenantControl;
import io.adaptermill.schemas.Topics;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
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

/// Evaluations, people's requests, erasures and users' ratings in; decisions out; the pointer of what serves moves with
/// the decision, in the same transaction.
final class PromotionTopology {
    static final String STATE = "promotions";
    static final String LINES = "serving-lines";
    static final String CONTROLS = "tenant-controls";
    static final String ANSWERS = "rated-answers";

    /// Answers that a partition's tenants may still rate: the newest so many. In memory, under 200 bytes each.
    static final int ANSWERS_MAX = 50_000;

    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private static final Consumed<byte[], byte[]> FROM_THE_START =
            Consumed.with(BYTES, BYTES).withOffsetResetPolicy(AutoOffsetReset.earliest());

    private PromotionTopology() {}

    static Topology build(PromotionListener listener) {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<byte[], byte[]> signals = builder.stream(
                        Set.of(Topics.FEEDBACK_RECEIVED.name(), Topics.INFERENCE_SERVED.name()), FROM_THE_START)
                .process(SignalEntry::new)
                .repartition(Repartitioned.with(BYTES, BYTES).withName("signals"));
        builder.stream(
                        Set.of(
                                Topics.ADAPTER_EVALUATED.name(),
                                Topics.PROMOTION_REQUESTED.name(),
                                Topics.SUBJECT_ERASED.name()),
                        FROM_THE_START)
                .merge(signals)
                .process(new Decisions(listener))
                .to((_, outgoing, _) -> outgoing.topic(), Produced.with(BYTES, outgoing()));
        return builder.build();
    }

    // Kafka takes null for the removal of a key.
    @SuppressWarnings("NullAway")
    private static Serde<Outgoing> outgoing() {
        return Serdes.serdeFrom((_, outgoing) -> outgoing.value(), (topic, _) -> {
            throw new IllegalStateException("what goes out to " + topic + " is never read back here");
        });
    }

    private record Decisions(PromotionListener listener)
            implements ProcessorSupplier<byte[], byte[], byte[], Outgoing> {
        @Override
        public Processor<byte[], byte[], byte[], Outgoing> get() {
            return new PromotionProcessor(listener);
        }

        /// In memory: a few hundred bytes a tenant, restored from their changelogs.
        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(
                    Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(STATE), new TenantSerde(), JsonSerde.of(PromotionState.class)),
                    Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(LINES), new TenantSerde(), JsonSerde.of(ServingLine.class)),
                    Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(CONTROLS),
                            new TenantSerde(),
                            JsonSerde.of(TenantControl.class)),
                    Stores.keyValueStoreBuilder(
                            Stores.lruMap(ANSWERS, ANSWERS_MAX), Serdes.String(), JsonSerde.of(AnswerState.class)));
        }
    }
}
