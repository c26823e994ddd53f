package io.adaptermill.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.ingest.IngestConfig;
import io.adaptermill.ingest.IngestMetrics;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.Unavailable;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeedbackPublisherTest {
    @Test
    void while_brokers_are_away_the_sender_is_told_in_time_and_nothing_counts() throws Exception {
        // Given: a port that is taken and speaks no Kafka
        try (ServerSocket deaf = new ServerSocket(0)) {
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            FeedbackPublisher publisher =
                    new FeedbackPublisher(config("localhost:" + deaf.getLocalPort()), new IngestMetrics(registry));
            long start = System.nanoTime();

            // When
            assertThatThrownBy(() -> publisher.publish(List.of(feedback()))).isInstanceOf(Unavailable.class);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            publisher.close();

            // Then
            assertThat(took).isLessThan(Duration.ofSeconds(8));
            assertThat(registry.counter(Topics.FEEDBACK_RECEIVED.name()).count())
                    .isZero();
        }
    }

    private static IngestConfig config(String kafka) {
        return new SmallRyeConfigBuilder()
                .withMapping(IngestConfig.class)
                .withDefaultValues(Map.of("adaptermill.kafka", kafka, "adaptermill.ingest.publish-wait", "PT2S"))
                .build()
                .getConfigMapping(IngestConfig.class);
    }

    private static Envelope<FeedbackReceived> feedback() {
        return new Envelope<>(
                new TenantId("acme"),
                new EventId("e1"),
                "/test",
                Instant.EPOCH,
                new FeedbackReceived(new Feedback.Demonstration(Prompt.ofUser("q"), "a", Optional.empty())));
    }
}
