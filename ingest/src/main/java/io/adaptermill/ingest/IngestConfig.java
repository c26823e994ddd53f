package io.adaptermill.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// What can be set from outside; `ADAPTERMILL_KAFKA` is the environment's spelling of `adaptermill.kafka`.
@ConfigMapping(prefix = "adaptermill")
public interface IngestConfig {
    /// Kafka's bootstrap servers. Default: a broker on this machine.
    @WithDefault("localhost:9092")
    String kafka();

    /// Partitions of topics that do not exist yet. Default 6: so many instances can share the work.
    @WithDefault("6")
    int partitions();

    /// Replicas of topics that do not exist yet. Default 1, for one broker; 3 for a cluster.
    @WithDefault("1")
    short replication();

    /// Folder of what Streams keeps between restarts, `~/.local/share/adaptermill/streams` unless set; losing it costs
    /// a restore from Kafka and nothing else. Each stack needs its own.
    Optional<String> state();

    /// File of the key-encryption key: 32 bytes in base64. With it, what people said is kept under keys that can be
    /// destroyed; without it, in clear. Ingest, trainers, evaluators and the command line must have the same.
    Optional<String> sealKey();

    Ingest ingest();

    /// Ingest's own settings.
    interface Ingest {
        /// How long an event id is remembered, so that a repetition is refused. Default 30 days: as long as the events
        /// themselves are kept.
        @WithDefault("P30D")
        Duration seen();

        /// How long an answer can be rated or edited by its inference id. Default 7 days: a user judges soon or never.
        @WithDefault("P7D")
        Duration answers();

        /// How long feedback waits for the answer that it names. Default 60 s: both are on their way at the same time.
        @WithDefault("PT60S")
        Duration answerWait();

        /// How often ages are looked at. Default 1 s: batches close by age in minutes.
        @WithDefault("PT1S")
        Duration tick();

        /// How long an HTTP request waits for the broker before it is told to come later. Default 8 s: below the usual
        /// 10 s of clients.
        @WithDefault("PT8S")
        Duration publishWait();
    }
}
