package io.adaptermill.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.serving.canary.Conversation;
import io.adaptermill.testkit.Broker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A real broker, real HTTP, a fake engine: two versions answer for one tenant.
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class CanaryIT {
    private static final TenantId TENANT = new TenantId("canary");
    private static final VersionId CANDIDATE = new VersionId(TENANT, 2);
    private static final double SHARE = 0.3;

    @Inject
    ServingNode node;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // the test framework injects it
    URI base;

    @SuppressWarnings("NullAway.Init") // the test framework injects it
    Broker broker;

    @Test
    void a_candidate_answers_its_conversations_to_their_end_until_it_is_withdrawn() {
        // Given
        List<String> names = IntStream.range(0, 40).mapToObj(i -> "c-" + i).toList();
        try (Pointers pointers = new Pointers(broker.bootstrapServers());
                ChatClient client = new ChatClient(base)) {
            pointers.register(TENANT, "canary-key");
            pointers.point(TENANT, FakeWorld.ref(TENANT, 1));
            pointers.tryOut(TENANT, FakeWorld.ref(TENANT, 2), SHARE);
            String its = names.stream().filter(CanaryIT::isIts).findFirst().orElseThrow();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> node.isReady()
                            && node.tenants().registered().contains(TENANT)
                            && asked(client, its).equals("canary@2"));

            // When
            Map<String, String> answered = new HashMap<>();
            for (String name : names) answered.put(name, asked(client, name));

            // Then
            answered.forEach(
                    (name, version) -> assertThat(version).as(name).isEqualTo(isIts(name) ? "canary@2" : "canary@1"));
            names.forEach(name -> assertThat(asked(client, name)).isEqualTo(answered.get(name)));
            assertThat(served()).contains(Optional.of(CANDIDATE), Optional.of(new VersionId(TENANT, 1)));

            // When
            pointers.withdraw(TENANT);

            // Then
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> names.forEach(
                            name -> assertThat(asked(client, name)).isEqualTo("canary@1")));
            await().untilAsserted(() -> assertThat(node.loadedCount())
                    .as("the candidate is unloaded")
                    .isEqualTo((int) node.served().values().stream()
                            .filter(version -> version.adapter().isPresent())
                            .count()));
        }
    }

    private static boolean isIts(String name) {
        return Conversation.of(Optional.of(name), Prompt.ofUser("Hi")).fallsTo(CANDIDATE, SHARE);
    }

    private static String asked(ChatClient client, String conversation) {
        return client.ask(ChatClient.body(TENANT.value(), 3, false), Optional.empty(), Optional.of(conversation))
                .headers()
                .firstValue("Adaptermill-Adapter")
                .orElse("no header");
    }

    private List<Optional<VersionId>> served() {
        return broker.awaitRecords(Topics.INFERENCE_SERVED.name(), 80).stream()
                .flatMap(record -> EventRecords.read(Topics.INFERENCE_SERVED, record).envelope().stream())
                .filter(envelope -> envelope.tenant().equals(TENANT))
                .map(Envelope::event)
                .map(InferenceServed::version)
                .toList();
    }
}
