package io.adaptermill.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The AsyncAPI document tells the same story as [Topics].
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AsyncApiTest {
    private static final String FOLDER = "/io/adaptermill/schemas/";

    /// Who writes and who reads each topic: what the services' permissions have to be.
    private static final String WHO = """
            adapter-evaluated:    evaluator > evaluator promoter
            adapter-swapped:      serving > operator
            adapter-trained:      trainer-worker > evaluator ingest
            adapter-withdrawn:    serving > operator
            batch-closed:         ingest > ingest trainer-worker
            batch-reopened:       ingest > ingest
            erasure-requested:    ingest operator product > ingest
            feedback-quarantined: ingest > ingest operator
            feedback-received:    ingest product > ingest promoter
            feedback-refused:     ingest > ingest operator
            holdout-assigned:     ingest > evaluator ingest
            inference-served:     product serving > ingest promoter
            promotion-answered:   promoter > operator
            promotion-decided:    promoter > evaluator ingest
            promotion-requested:  operator > promoter
            quarantine-answered:  ingest > operator
            quarantine-requested: operator > ingest
            record-dead-lettered: evaluator ingest promoter trainer-worker > operator
            serving-adapters:     promoter > serving
            serving-candidates:   promoter > serving
            subject-erased:       ingest > evaluator ingest operator promoter
            subject-keys:         ingest > evaluator ingest operator trainer-worker
            tenant-policies:      operator > evaluator ingest serving
            training-failed:      trainer-worker > ingest
            training-progressed:  trainer-worker > operator
            """;

    private JsonNode document = Contract.JSON.nullNode();

    @BeforeAll
    void read() throws IOException {
        document = new YAMLMapper().readTree(Contract.bytes(FOLDER + "asyncapi.yaml"));
    }

    static List<Contract> contracts() {
        return Contract.all();
    }

    @Test
    void channels_are_the_topics() {
        // When
        Set<String> addresses = new TreeSet<>(document.path("channels").findValuesAsText("address"));

        // Then
        Set<String> names = Topics.ALL.stream().map(Topic::name).collect(Collectors.toCollection(TreeSet::new));
        names.add(Topics.DEAD_LETTERS);
        names.add(Topics.SUBJECT_KEYS);
        assertThat(addresses).isEqualTo(names);
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void a_channel_keeps_records_as_its_topic_does(Contract contract) {
        // Given
        Topic<?> topic = contract.topic();

        // When
        JsonNode kafka = channel(topic).at("/bindings/kafka");

        // Then
        JsonNode configuration = kafka.path("topicConfiguration");
        assertThat(kafka.path("topic").asText()).isEqualTo(topic.name());
        assertThat(configuration.at("/cleanup.policy/0").asText()).isEqualTo(topic.compacted() ? "compact" : "delete");
        assertThat(configuration.path("retention.ms").asLong())
                .isEqualTo(topic.retention().map(Duration::toMillis).orElse(-1L));
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void a_message_names_its_type_and_schema(Contract contract) {
        // Given
        Topic<?> topic = contract.topic();
        String name = topic.eventClass().getSimpleName();

        // When
        JsonNode message = document.path("components").path("messages").path(name);

        // Then
        assertThat(channel(topic).at("/messages/" + name + "/$ref").asText())
                .isEqualTo("#/components/messages/" + name);
        assertThat(message.path("name").asText()).isEqualTo(topic.eventType());
        assertThat(message.at("/headers/properties/ce_type/const").asText()).isEqualTo(topic.eventType());
        String file = message.at("/payload/schema/$ref").asText();
        assertThat(FOLDER + file.substring("./".length())).isEqualTo(topic.schemaResource());
    }

    @Test
    void operations_say_who_writes_and_who_reads() {
        // Given
        Map<String, Set<String>> writers = new TreeMap<>();
        Map<String, Set<String>> readers = new TreeMap<>();

        // When
        for (Map.Entry<String, JsonNode> operation : document.path("operations").properties()) {
            String reference = operation.getValue().at("/channel/$ref").asText();
            String channel = reference.substring(reference.lastIndexOf('/') + 1);
            String who = operation.getValue().at("/tags/0/name").asText();
            boolean sends = operation.getValue().path("action").asText().equals("send");
            assertThat(operation.getKey()).isEqualTo(who + (sends ? "-sends-" : "-receives-") + channel);
            (sends ? writers : readers)
                    .computeIfAbsent(channel, _ -> new TreeSet<>())
                    .add(who);
        }

        // Then
        assertThat(table(writers, readers)).isEqualTo(WHO.replaceAll(" +", " "));
    }

    @Test
    void every_reference_leads_somewhere() {
        // When
        List<String> references = document.findValuesAsText("$ref");

        // Then
        assertThat(references).hasSizeGreaterThan(Topics.ALL.size());
        assertThat(references).allMatch(this::resolves);
    }

    @Test
    void every_tag_is_explained() {
        // When
        Set<String> used = StreamSupport.stream(document.path("operations").spliterator(), false)
                .map(operation -> operation.at("/tags/0/name").asText())
                .collect(Collectors.toSet());

        // Then
        assertThat(used).isEqualTo(Set.copyOf(document.at("/info/tags").findValuesAsText("name")));
    }

    private JsonNode channel(Topic<?> topic) {
        return document.path("channels").path(topic.suffix().replace('.', '-'));
    }

    private boolean resolves(String reference) {
        return reference.startsWith("#")
                ? !document.at(reference.substring(1)).isMissingNode()
                : getClass().getResource(FOLDER + reference.substring("./".length())) != null;
    }

    private static String table(Map<String, Set<String>> writers, Map<String, Set<String>> readers) {
        return writers.entrySet().stream()
                .map(entry -> "%s: %s > %s\n"
                        .formatted(
                                entry.getKey(),
                                String.join(" ", entry.getValue()),
                                String.join(" ", readers.getOrDefault(entry.getKey(), Set.of()))))
                .collect(Collectors.joining());
    }
}
