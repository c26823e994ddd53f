package io.adaptermill.serving;

import io.adaptermill.serving.engine.Engine;
import io.adaptermill.serving.runtime.AdapterSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts the replica together when the process starts, and closes it when the last request is through.
final class ServingBeans {
    private static final Logger LOGGER = LoggerFactory.getLogger(ServingBeans.class);

    @Produces
    @Singleton
    NodeSettings settings(ServingConfig config) {
        return NodeSettings.of(config, defaultReplica());
    }

    @Produces
    @Singleton
    @Startup
    ServingNode node(Engine engine, AdapterSource source, NodeSettings settings, MeterRegistry registry) {
        settings.warning().ifPresent(warning -> LOGGER.atWarn().log(warning));
        return new ServingNode(engine, source, settings, new ServingMetrics(registry));
    }

    void close(@Disposes ServingNode node) {
        node.close();
    }

    private static String defaultReplica() {
        try {
            return InetAddress.getLocalHost().getHostName() + "-"
                    + ProcessHandle.current().pid();
        } catch (UnknownHostException e) {
            return "serving-" + ProcessHandle.current().pid();
        }
    }
}
