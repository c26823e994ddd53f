package io.adaptermill.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterSwapped;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.serving.engine.FakeEngine;
import io.adaptermill.serving.swap.Served;
import io.adaptermill.testkit.Broker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/// A real broker, real HTTP, a fake engine whose tokens show which weights wrote them.
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class ServingIT {
    private static final int SWAPS_PER_TENANT = 50;
    private static final Pattern TOKEN = Pattern.compile("v(\\d+) |base ");

    @Inject
    ServingNode node;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // the test framework injects it
    URI base;

    @SuppressWarnings("NullAway.Init") // the test framework injects it
    Broker broker;

    private record Answer(TenantId tenant, String version, long startNanos, long endNanos) {}

    /// @param publishedNanos before the pointer was written
    /// @param activeNanos after it was seen to answer
    private record Swap(String version, long publishedNanos, long activeNanos) {}

    @Test
    void two_hundred_swaps_under_load_fail_no_request_and_no_answer_comes_from_a_version_not_approved_then()
            throws Exception {
        // Given
        List<TenantId> tenants = List.of(tenant("swap-a"), tenant("swap-b"), tenant("swap-c"), tenant("swap-d"));
        Map<TenantId, List<Swap>> swaps = new HashMap<>();
        Queue<Answer> answers = new ConcurrentLinkedQueue<>();
        AtomicBoolean done = new AtomicBoolean();

        try (Pointers pointers = new Pointers(broker.bootstrapServers());
                ChatClient client = new ChatClient(base);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            registered(pointers, tenants);
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int number = i;
                clients.add(threads.submit(() -> askUntil(done, client, tenants, number, answers)));
            }

            // When
            Map<TenantId, Future<List<Swap>>> running = new HashMap<>();
            for (TenantId tenant : tenants) {
                running.put(tenant, threads.submit(() -> swapAgainAndAgain(pointers, tenant)));
            }
            for (Map.Entry<TenantId, Future<List<Swap>>> swapping : running.entrySet()) {
                swaps.put(swapping.getKey(), swapping.getValue().get());
            }
            done.set(true);

            // Then: none failed, or these would throw
            for (Future<?> finished : clients) finished.get();
        }
        assertThat(answers).hasSizeGreaterThan(200);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(approved(answer, swaps.getOrDefault(answer.tenant(), List.of())))
                        .as("%s", answer)
                        .isTrue());
        await().untilAsserted(() ->
                assertThat(node.loadedCount()).as("old versions are unloaded").isEqualTo(activeVersions()));
        assertThat(reportedSwaps(tenants)).isEqualTo(expectedSwaps(swaps));
        assertThat(servedAnswers(tenants)).isEqualTo(answers.size());
    }

    @Test
    void a_replica_that_comes_late_serves_what_the_compacted_topic_folds_to() {
        // Given: pointers that moved before it started
        List<TenantId> tenants = new ArrayList<>();
        for (int i = 0; i < 20; i++) tenants.add(tenant("late-" + i));
        try (Pointers pointers = new Pointers(broker.bootstrapServers())) {
            for (int version = 1; version <= 4; version++) {
                for (TenantId tenant : tenants) pointers.point(tenant, FakeWorld.ref(tenant, version));
            }
            pointers.remove(tenants.getFirst());
        }
        Map<TenantId, Served> folded = fold();

        // When
        FakeEngine engine = new FakeEngine(0);
        ServingMetrics metrics = new ServingMetrics(new SimpleMeterRegistry());
        NodeSettings settings = new NodeSettings(
                broker.bootstrapServers(),
                "late",
                true,
                1,
                8,
                64,
                32,
                2048,
                io.adaptermill.serving.swap.RetryPolicy.DEFAULT);
        try (ServingNode late = new ServingNode(engine, FakeWorld.source(), settings, metrics)) {
            await().atMost(Duration.ofSeconds(20)).until(late::isReady);

            // Then
            folded.forEach((tenant, served) -> await().untilAsserted(() ->
                    assertThat(late.served().get(tenant)).as("%s", tenant).isEqualTo(served)));
            long versions = folded.values().stream()
                    .filter(served -> served.adapter().isPresent())
                    .count();
            assertThat(late.loadedCount()).isEqualTo((int) versions);
        }
        assertThat(engine.isClosed()).isTrue();
    }

    private void registered(Pointers pointers, List<TenantId> tenants) {
        tenants.forEach(tenant -> pointers.register(tenant, tenant + "-key"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> node.isReady() && node.tenants().registered().containsAll(tenants));
    }

    /// Forward mostly, now and then back to the version before, and to the base.
    private List<Swap> swapAgainAndAgain(Pointers pointers, TenantId tenant) {
        List<Swap> swaps = new ArrayList<>();
        swaps.add(new Swap("base", Long.MIN_VALUE, Long.MIN_VALUE));
        for (int i = 1; i <= SWAPS_PER_TENANT; i++) {
            long publishedNanos = System.nanoTime();
            String version = "base";
            if (i % 17 == 0) {
                pointers.remove(tenant);
            } else {
                int number = i % 11 == 0 ? i - 2 : i;
                version = tenant + "@" + number;
                pointers.point(tenant, FakeWorld.ref(tenant, number));
            }
            String expected = version;
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> Optional.ofNullable(node.served().get(tenant))
                            .map(Served::label)
                            .orElse("base")
                            .equals(expected));
            swaps.add(new Swap(version, publishedNanos, System.nanoTime()));
        }
        return swaps;
    }

    private void askUntil(
            AtomicBoolean done, ChatClient client, List<TenantId> tenants, int number, Queue<Answer> answers) {
        for (int i = number; !done.get(); i++) {
            TenantId tenant = tenants.get(i % tenants.size());
            long startNanos = System.nanoTime();
            HttpResponse<String> response =
                    client.ask(ChatClient.body(tenant.value(), 3 + i % 20, i % 2 == 0), Optional.empty());
            long endNanos = System.nanoTime();
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            if (i % 2 == 0) assertThat(response.body()).endsWith("data: [DONE]\n\n");
            String version =
                    response.headers().firstValue("Adaptermill-Adapter").orElse("no header");
            requireUnmixed(tenant, version, response.body());
            answers.add(new Answer(tenant, version, startNanos, endNanos));
        }
    }

    /// Every token was written by the weights of the version that the header names.
    private static void requireUnmixed(TenantId tenant, String version, String body) {
        String expected = version.equals("base")
                ? "base "
                : "v" + version.substring(tenant.value().length() + 1) + " ";
        Matcher tokens = TOKEN.matcher(body);
        int count = 0;
        for (; tokens.find(); count++) assertThat(tokens.group()).as(body).isEqualTo(expected);
        assertThat(count).as(body).isGreaterThanOrEqualTo(3);
    }

    /// Whether the version was the approved one at some moment between the answer's start and end.
    private static boolean approved(Answer answer, List<Swap> swaps) {
        for (int i = 0; i < swaps.size(); i++) {
            long untilNanos = i + 1 < swaps.size() ? swaps.get(i + 1).activeNanos() : Long.MAX_VALUE;
            boolean overlaps = swaps.get(i).publishedNanos() <= answer.endNanos() && answer.startNanos() <= untilNanos;
            if (overlaps && swaps.get(i).version().equals(answer.version())) return true;
        }
        return false;
    }

    private int activeVersions() {
        return (int) node.served().values().stream()
                .filter(served -> served.adapter().isPresent())
                .count();
    }

    private static Map<TenantId, List<String>> expectedSwaps(Map<TenantId, List<Swap>> swaps) {
        Map<TenantId, List<String>> expected = new HashMap<>();
        swaps.forEach((tenant, list) -> {
            List<String> names = new ArrayList<>();
            for (int i = 1; i < list.size(); i++) {
                String to = list.get(i).version();
                if (!to.equals("base")) names.add(list.get(i - 1).version() + " -> " + to);
            }
            expected.put(tenant, names);
        });
        return expected;
    }

    private Map<TenantId, List<String>> reportedSwaps(List<TenantId> tenants) {
        Map<TenantId, List<String>> reported = new HashMap<>();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            reported.clear();
            for (ConsumerRecord<byte[], byte[]> record : broker.awaitRecords(Topics.ADAPTER_SWAPPED.name(), 0)) {
                EventRecords.read(Topics.ADAPTER_SWAPPED, record).envelope().ifPresent(envelope -> {
                    AdapterSwapped event = envelope.event();
                    String from = event.from().map(VersionId::toString).orElse("base");
                    reported.computeIfAbsent(envelope.tenant(), key -> new ArrayList<>())
                            .add(from + " -> " + event.to());
                });
            }
            reported.keySet().retainAll(tenants);
            int tombstones = SWAPS_PER_TENANT / 17;
            assertThat(reported.values().stream().mapToInt(List::size).sum())
                    .isEqualTo(tenants.size() * (SWAPS_PER_TENANT - tombstones));
        });
        return reported;
    }

    private int servedAnswers(List<TenantId> tenants) {
        int count = 0;
        for (ConsumerRecord<byte[], byte[]> record : settled(Topics.INFERENCE_SERVED.name())) {
            Optional<InferenceServed> event = EventRecords.read(Topics.INFERENCE_SERVED, record)
                    .envelope()
                    .map(envelope -> envelope.event());
            boolean ours = tenants.stream()
                    .anyMatch(tenant ->
                            tenant.value().equals(new String(record.key(), java.nio.charset.StandardCharsets.UTF_8)));
            if (ours && event.isPresent()) count++;
        }
        return count;
    }

    /// All records, once no more come.
    private List<ConsumerRecord<byte[], byte[]>> settled(String topic) {
        List<ConsumerRecord<byte[], byte[]>> before = List.of();
        List<ConsumerRecord<byte[], byte[]>> now = broker.awaitRecords(topic, 1);
        while (now.size() != before.size()) {
            before = now;
            now = broker.awaitRecords(topic, 1);
        }
        return now;
    }

    private Map<TenantId, Served> fold() {
        Map<TenantId, Served> folded = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : broker.awaitRecords(Topics.SERVING_ADAPTERS.name(), 81)) {
            TenantId tenant = tenant(new String(record.key(), java.nio.charset.StandardCharsets.UTF_8));
            Served served = EventRecords.read(Topics.SERVING_ADAPTERS, record)
                    .envelope()
                    .map(envelope -> envelope.event())
                    .map(ServingAdapter::champion)
                    .map(Served::of)
                    .orElse(Served.BASE);
            folded.put(tenant, served);
        }
        return folded;
    }

    private static TenantId tenant(String name) {
        return new TenantId(name);
    }
}
