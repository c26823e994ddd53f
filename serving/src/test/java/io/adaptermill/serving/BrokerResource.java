package io.adaptermill.serving;

import io.adaptermill.kafka.TopicSetup;
import io.adaptermill.testkit.Broker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/// A broker of one's own for the application under test.
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {
    private static final int PARTITIONS = 6;

    @SuppressWarnings("NullAway.Init") // start comes first
    private Broker broker;

    @Override
    public Map<String, String> start() {
        broker = Broker.fresh();
        TopicSetup.ensure(broker.bootstrapServers(), PARTITIONS);
        return Map.of(
                "adaptermill.kafka", broker.bootstrapServers(),
                "adaptermill.serving.open", "true",
                "adaptermill.serving.swap-back-off", "PT0.02S",
                "adaptermill.serving.queue", "200",
                "adaptermill.serving.queue-per-tenant", "100");
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
