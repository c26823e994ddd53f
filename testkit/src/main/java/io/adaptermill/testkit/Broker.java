package io.adaptermill.testkit;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// A real Kafka for tests: a container where a Docker engine answers, else a process of its own; the tests are the
/// same.
///
/// Topics are created by the test, with `TopicSetup` of module kafka.
public final class Broker implements AutoCloseable {
    private final RunningBroker running;

    private Broker(RunningBroker running) {
        this.running = running;
    }

    /// The one of this JVM: quick, but its topics keep what earlier tests wrote. Never close it; the JVM's end does.
    public static Broker shared() {
        return Shared.BROKER;
    }

    /// One's own, empty; costs a few seconds. The caller closes it.
    public static Broker fresh() {
        return new Broker(DockerEngine.answers() ? BrokerContainer.start() : BrokerProcess.start());
    }

    public String bootstrapServers() {
        return running.bootstrapServers();
    }

    /// Everything committed in a topic, once there are at least `count` records, partition by partition.
    ///
    /// @throws AssertionError if they do not come within half a minute; says how many came
    public List<ConsumerRecord<byte[], byte[]>> awaitRecords(String topic, int count) {
        return awaitRecords(topic, count, Duration.ofSeconds(30));
    }

    public List<ConsumerRecord<byte[], byte[]>> awaitRecords(String topic, int count, Duration atMost) {
        return new RecordsInTopic(bootstrapServers(), topic).await(count, atMost);
    }

    @Override
    public void close() {
        running.close();
    }

    private static final class Shared {
        private static final Broker BROKER = fresh();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close, "stop-shared-broker"));
        }
    }
}
