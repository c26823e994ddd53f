package io.adaptermill.promoter;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/// What an operator may set for the promoter; the same keys mean the same in every service.
@ConfigMapping(prefix = "adaptermill")
public interface PromoterConfig {
    /// Bootstrap servers of Kafka.
    @WithDefault("localhost:9092")
    String kafka();

    /// Partitions of topics that do not exist yet. All topics need the same number.
    @WithDefault("6")
    int partitions();

    /// Replicas of topics that do not exist yet: 1 for one broker, 3 for a cluster.
    @WithDefault("1")
    short replication();

    /// Folder of what Streams keeps between restarts, `~/.local/share/adaptermill/streams` unless set; losing it costs
    /// a restore from Kafka and nothing else. Each stack needs its own.
    Optional<String> state();
}
