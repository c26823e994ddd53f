package io.adaptermill.promoter;

import static io.adaptermill.promoter.Evaluations.evaluated;
import static io.adaptermill.promoter.Evaluations.published;
import static io.adaptermill.promoter.Evaluations.version;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.testkit.Broker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;

/// The service as it is deployed: its configuration, its health and its figures.
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class PromoterIT {
    @Test
    void becomes_ready_decides_and_counts() throws Exception {
        // Given
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> when().get("/q/health/ready").then().statusCode(200));

        // When
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaClients.producer(Broker.shared().bootstrapServers(), Map.of())) {
            producer.send(EventRecords.toRecord(
                            Topics.ADAPTER_EVALUATED,
                            published(evaluated(version(1), Optional.empty(), Verdict.APPROVED))))
                    .get(10, TimeUnit.SECONDS);
        }

        // Then
        assertThat(Broker.shared().awaitRecords(Topics.SERVING_ADAPTERS.name(), 1))
                .hasSize(1);
        String metrics = when().get("/q/metrics").asString();
        assertThat(metrics).containsPattern(counted("promoted", "1.0")).containsPattern(counted("refused", "0.0"));
    }

    private static String counted(String outcome, String times) {
        return "adaptermill_promotion_decided_total\\{outcome=\"" + outcome + "\",?} " + times;
    }
}
