package io.adaptermill.ingest;

import io.adaptermill.ingest.runtime.ErasureFollower;
import io.adaptermill.ingest.runtime.Policies;
import io.adaptermill.ingest.runtime.Timing;
import io.adaptermill.kafka.TopicSetup;
import io.adaptermill.kafka.seal.KeyEncryptionKey;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
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
                policies,
                new Timing(own.seen(), own.answers(), own.answerWait(), own.tick()),
                metrics,
                config.sealKey().map(Path::of).map(KeyEncryptionKey::read));
    }

    /// Topics first, as the topology makes them.
    @Produces
    @Singleton
    ErasureFollower erasures(IngestConfig config) {
        return new ErasureFollower(config.kafka());
    }

    void close(@Disposes ErasureFollower erasures) {
        erasures.close();
    }

    @Produces
    @Singleton
    StreamsUncaughtExceptionHandler failures() {
        return new StreamFailures();
    }
}
