package io.adaptermill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.adaptermill.kafka.TopicPlan;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Who makes topics from the AsyncAPI document makes the same ones as our own set-up.
class AsyncApiTopicsTest {
    @Test
    void documented_settings_are_those_that_we_set() throws IOException {
        // Given
        JsonNode document = new YAMLMapper()
                .readTree(Repository.text("schemas/src/main/resources/io/adaptermill/schemas/asyncapi.yaml"));

        // When
        Map<String, Map<String, String>> documented = new TreeMap<>();
        for (JsonNode channel : document.path("channels")) {
            JsonNode kafka = channel.path("bindings").path("kafka");
            documented.put(kafka.path("topic").asText(), settings(kafka.path("topicConfiguration")));
        }

        // Then
        Map<String, Map<String, String>> set = new TreeMap<>();
        TopicPlan.wanted(1, (short) 1).forEach(topic -> set.put(topic.name(), topic.settings()));
        assertThat(documented).isEqualTo(set);
    }

    private static Map<String, String> settings(JsonNode configuration) {
        Map<String, String> settings = new TreeMap<>();
        configuration
                .properties()
                .forEach(setting -> settings.put(
                        setting.getKey(),
                        setting.getValue().isArray()
                                ? setting.getValue().path(0).asText()
                                : setting.getValue().asText()));
        return settings;
    }
}
