package io.adaptermill.ingest;

import io.adaptermill.kafka.TopicSetup;
import io.adaptermill.testkit.Broker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/// A broker of one's own for the application under test, and a folder of its own for its state.
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {
    private static final int PARTITIONS = 6;

    @SuppressWarnings("NullAway.Init") // start comes first
    private Broker broker;

    @Override
    public Map<String, String> start() {
        broker = Broker.fresh();
        TopicSetup.ensure(broker.bootstrapServers(), PARTITIONS);
        try {
            return Map.of(
                    "adaptermill.kafka",
                    broker.bootstrapServers(),
                    "adaptermill.ingest.answer-wait",
                    "PT2S",
                    "adaptermill.ingest.tick",
                    "PT0.2S",
                    "adaptermill.state",
                    Files.createTempDirectory("ingest").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(broker, field -> field.getType() == Broker.class);
    }

    @Override
    public void stop() {
        broker.close();
    }
}
