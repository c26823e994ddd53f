package io.adaptermill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the services' properties say beside one another.
class ServicesTest {
    static List<Path> services() {
        return Repository.files(
                Repository.root(), file -> file.toString().endsWith("src/main/resources/application.properties"));
    }

    @Test
    void services_on_one_machine_do_not_want_the_same_port() {
        // When
        List<String> ports = services().stream()
                .map(file -> properties(file).getProperty("quarkus.http.port", "8080"))
                .toList();

        // Then
        assertThat(ports).isNotEmpty().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("services")
    void an_application_is_named_after_its_module(Path file) {
        // Given
        String module = String.valueOf(Repository.root().relativize(file).getName(0));

        // When
        String name = properties(file).getProperty("quarkus.application.name");

        // Then
        assertThat(name).isEqualTo("adaptermill-" + module);
    }

    @ParameterizedTest
    @MethodSource("services")
    void a_channel_s_topic_is_one_of_ours(Path file) {
        // Given
        Set<String> ours = Topics.ALL.stream().map(Topic::name).collect(Collectors.toSet());

        // When
        List<String> channels = properties(file).entrySet().stream()
                .filter(property -> property.getKey().toString().matches("mp\\.messaging\\..*\\.topic"))
                .map(property -> property.getValue().toString())
                .toList();

        // Then
        assertThat(ours).containsAll(channels);
    }

    private static Properties properties(Path file) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Repository.text(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
