package io.adaptermill.promoter;

import io.adaptermill.kafka.TopicSetup;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.apache.kafka.streams.Topology;

/// The promoter: makes sure of its topics, then decides every candidate once.
@ApplicationScoped
class PromoterApplication {
    /// Before Streams looks for the topics.
    void ensureTopics(@Observes @Priority(1) StartupEvent start, PromoterConfig config) {
        TopicSetup.ensure(config.kafka(), config.partitions(), config.replication());
    }

    @Produces
    @Singleton
    Topology topology(PromotionReporter reporter) {
        return PromotionTopology.build(reporter);
    }
}
