package io.adaptermill.ingest;

import io.adaptermill.ingest.runtime.Policies;
import io.adaptermill.ingest.runtime.Timing;
import io.adaptermill.kafka.TopicSetup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;

/// Puts the topology together when the process starts.
final class IngestBeans {
    @Produces
    @Singleton
    Policies policies() {
        return new Policies();
    }

    /// Topics first: Streams stops where one of its sources is missing.
    @Produces
    @Singleton
    Topology topology(IngestConfig config, Policies policies, IngestMetrics metrics) {
        TopicSetup.ensure(config.kafka(), config.partitions(), config.replication());
        IngestConfig.Ingest own = config.ingest();
        return IngestTopology.of(
                policies, new Timing(own.seen(), own.answers(), own.answerWait(), own.tick()), metrics);
    }

    @Produces
    @Singleton
    StreamsUncaughtExceptionHandler failures() {
        return new StreamFailures();
    }
}
