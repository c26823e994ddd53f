package io.adaptermill.promoter;

import io.adaptermill.testkit.Broker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/// Tells the service under test where the test's broker is.
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        return Map.of("adaptermill.kafka", Broker.shared().bootstrapServers(), "quarkus.http.test-port", "0");
    }

    @Override
    public void stop() {
        // The broker ends with the JVM.
    }
}
