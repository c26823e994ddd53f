package io.adaptermill.testkit;

/// A broker, wherever it runs.
sealed interface RunningBroker extends AutoCloseable permits BrokerContainer, BrokerProcess {
    String bootstrapServers();

    @Override
    void close();
}
