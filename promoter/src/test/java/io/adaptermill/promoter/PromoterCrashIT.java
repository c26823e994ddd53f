package io.adaptermill.promoter;

import static io.adaptermill.promoter.Evaluations.evaluated;
import static io.adaptermill.promoter.Evaluations.published;
import static io.adaptermill.promoter.Evaluations.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.kafka.TopicSetup;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.testkit.Broker;
import io.adaptermill.testkit.WithBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WithBroker(WithBroker.Scope.CLASS)
class PromoterCrashIT {
    private static final List<TenantId> TENANTS =
            IntStream.range(0, 12).mapToObj(n -> new TenantId("tenant-" + n)).toList();

    private final Broker broker;

    @TempDir
    private Path folder;

    private Process promoter;

    PromoterCrashIT(Broker broker) {
        this.broker = broker;
    }

    @BeforeEach
    void start() throws IOException {
        TopicSetup.ensure(broker.bootstrapServers(), 6);
        promoter = PromoterProcess.start(broker.bootstrapServers(), folder.resolve("promoter.log"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        promoter.destroyForcibly().waitFor();
    }

    /// Each round publishes one approved candidate for every tenant and kills the promoter while it
    /// decides; the next one must know the champion, or it would call the next evaluation stale. Every
    /// evaluation comes twice.
    @Test
    void killed_while_deciding_it_promotes_each_candidate_once_in_one_chain() throws Exception {
        // Given
        int rounds = 4;

        // When
        for (int round = 1; round <= rounds; round++) {
            publish(TENANTS.subList(0, 1), round);
            broker.awaitRecords(Topics.PROMOTION_DECIDED.name(), (round - 1) * TENANTS.size() + 1);
            publish(TENANTS.subList(1, TENANTS.size()), round);
            if (round < rounds) {
                promoter.destroyForcibly().waitFor();
                promoter = PromoterProcess.start(broker.bootstrapServers(), folder.resolve("promoter.log"));
            }
            broker.awaitRecords(Topics.SERVING_ADAPTERS.name(), round * TENANTS.size(), Duration.ofSeconds(60));
        }

        // Then
        List<PromotionDecided> decisions = events(Topics.PROMOTION_DECIDED);
        List<ServingAdapter> pointers = events(Topics.SERVING_ADAPTERS);
        for (TenantId tenant : TENANTS) {
            assertThat(decisions.stream()
                            .filter(decided -> decided.version().tenant().equals(tenant)))
                    .containsExactlyElementsOf(chain(tenant, rounds));
            assertThat(pointers.stream()
                            .map(ServingAdapter::champion)
                            .filter(champion -> champion.version().tenant().equals(tenant)))
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, rounds)
                            .mapToObj(number -> version(tenant, number))
                            .toList());
        }
    }

    private void publish(List<TenantId> tenants, int number) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(broker.bootstrapServers(), Map.of())) {
            for (TenantId tenant : tenants) {
                for (int copy = 0; copy < 2; copy++) {
                    producer.send(EventRecords.toRecord(
                                    Topics.ADAPTER_EVALUATED,
                                    published(evaluated(
                                            version(tenant, number), before(tenant, number), Verdict.APPROVED))))
                            .get(10, TimeUnit.SECONDS);
                }
            }
        }
    }

    private static Optional<AdapterRef> before(TenantId tenant, long number) {
        return number == 1 ? Optional.empty() : Optional.of(version(tenant, number - 1));
    }

    private static List<PromotionDecided> chain(TenantId tenant, int length) {
        return LongStream.rangeClosed(1, length)
                .mapToObj(number -> new PromotionDecided(
                        version(tenant, number).version(),
                        version(tenant, number).artifact(),
                        PromotionOutcome.PROMOTED,
                        before(tenant, number),
                        Evaluations.REASON))
                .toList();
    }

    private <E extends Event> List<E> events(Topic<E> topic) {
        return broker.awaitRecords(topic.name(), 0).stream()
                .map(record -> EventRecords.read(topic, record)
                        .envelope()
                        .orElseThrow()
                        .event())
                .toList();
    }
}
