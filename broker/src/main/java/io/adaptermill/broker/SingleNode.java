package io.adaptermill.broker;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/// One broker and controller: formats its storage the first time, starts, stops.
final class SingleNode implements AutoCloseable {
    private final Server server;

    private SingleNode(Server server) {
        this.server = server;
    }

    /// @throws RuntimeException if a port is taken or the storage is another node's
    static SingleNode start(BrokerConfig config) {
        // A second format would give the cluster a new name, which Kafka refuses.
        if (!Files.exists(config.directory().resolve("meta.properties"))) {
            format(config);
        }
        Server server = new KafkaRaftServer(KafkaConfig.fromProps(config.properties(), false), Time.SYSTEM);
        try {
            server.startup();
            return new SingleNode(server);
        } catch (RuntimeException e) {
            server.shutdown();
            throw e;
        }
    }

    private static void format(BrokerConfig config) {
        try {
            Files.createDirectories(config.directory());
            new Formatter()
                    .setPrintStream(new PrintStream(PrintStream.nullOutputStream()))
                    .setNodeId(1)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(config.directory().toString())
                    .setMetadataLogDirectory(Optional.empty())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setControllerListenerName("CONTROLLER")
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(
                    "storage could not be formatted in " + config.directory() + ": " + e.getMessage(), e);
        }
    }

    void awaitShutdown() {
        server.awaitShutdown();
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
