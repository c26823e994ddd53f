package io.adaptermill.trainer;

import io.adaptermill.testkit.Broker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/// A broker of one's own for the application under test, which makes the topics itself.
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {
    @SuppressWarnings("NullAway.Init") // start comes first
    private Broker broker;

    @Override
    public Map<String, String> start() {
        broker = Broker.fresh();
        return Map.of("adaptermill.kafka", broker.bootstrapServers());
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
