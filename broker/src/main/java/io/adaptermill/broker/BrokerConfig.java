package io.adaptermill.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/// The settings of a single-node KRaft cluster that answers on this machine only.
///
/// @param port of the clients' listener
/// @param controllerPort of the quorum of one; may differ from start to start
/// @param directory of log and metadata, kept over restarts
public record BrokerConfig(int port, int controllerPort, Path directory) {
    public String bootstrapServers() {
        return "localhost:" + port;
    }

    public Properties properties() {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@localhost:" + controllerPort,
                "controller.listener.names", "CONTROLLER",
                "listeners", "CLIENT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort,
                "advertised.listeners", "CLIENT://localhost:" + port,
                "inter.broker.listener.name", "CLIENT",
                "listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs", directory.toString()));
        settings.putAll(Map.of(
                // Topics are created by whoever knows their partitions; a misspelt name must fail instead.
                "auto.create.topics.enable", "false",
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "4",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1"));
        settings.putAll(Map.of(
                // A consumer that starts should read at once, not wait for companions.
                "group.initial.rebalance.delay.ms", "0",
                // A killed consumer is noticed after its own session timeout, which may be short.
                "group.min.session.timeout.ms", "1000",
                // One batch of examples is at most a few megabytes.
                "message.max.bytes", Integer.toString(8 * 1024 * 1024),
                "log.segment.bytes", Integer.toString(64 * 1024 * 1024),
                // Four threads less than the defaults each: two cores serve trainers, not us.
                "num.network.threads", "2",
                "num.io.threads", "4",
                "log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024)));
        return settings;
    }
}
