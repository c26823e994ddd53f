package io.adaptermill.promoter;

import io.adaptermill.kafka.JsonSerde;
import io.adaptermill.kafka.TenantSerde;
import io.adaptermill.promoter.promotion.PromotionState;
import io.adaptermill.schemas.Topics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/// Evaluations in; one decision each out; the pointer of what serves moves with the decision, in the same transaction.
final class PromotionTopology {
    static final String STATE = "promotions";
    static final String DECISIONS = "decisions";
    static final String POINTER = "pointer";
    static final String DEAD_LETTERS = "dead-letters";

    private static final String EVALUATIONS = "evaluations";
    private static final String DECIDE = "decide";

    private PromotionTopology() {}

    static Topology build(PromotionListener listener) {
        Topology topology = new Topology();
        topology.addSource(
                AutoOffsetReset.earliest(),
                EVALUATIONS,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                Topics.ADAPTER_EVALUATED.name());
        topology.addProcessor(DECIDE, () -> new PromotionProcessor(listener), EVALUATIONS);
        // In memory: a few hundred bytes a tenant, restored from its changelog.
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(STATE), new TenantSerde(), JsonSerde.of(PromotionState.class)),
                DECIDE);
        addSink(topology, DECISIONS, Topics.PROMOTION_DECIDED.name());
        addSink(topology, POINTER, Topics.SERVING_ADAPTERS.name());
        addSink(topology, DEAD_LETTERS, Topics.DEAD_LETTERS);
        return topology;
    }

    private static void addSink(Topology topology, String name, String topic) {
        topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), DECIDE);
    }
}
