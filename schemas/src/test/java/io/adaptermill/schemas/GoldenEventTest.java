package io.adaptermill.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.event.Event;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The bytes on the wire. A test here that fails after a change means that old records no longer read as they were
/// meant.
class GoldenEventTest {
    static Set<String> names() {
        return Samples.BY_NAME.keySet();
    }

    @Test
    void every_topic_has_golden_bytes() {
        // When
        Set<Topic<?>> covered = names().stream()
                .<Topic<?>>map(name -> Contract.named(name).topic())
                .collect(Collectors.toSet());

        // Then
        assertThat(covered).containsExactlyInAnyOrderElementsOf(Topics.ALL);
    }

    @ParameterizedTest
    @MethodSource("names")
    void a_record_is_written_as_the_golden_bytes(String name) {
        // When
        String written = new String(EventJson.write(Samples.named(name)), StandardCharsets.UTF_8);

        // Then
        assertThat(written).isEqualTo(new String(golden(name), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("names")
    void golden_bytes_are_read_as_the_record(String name) {
        // When
        Event read = Contract.named(name).read(golden(name));

        // Then
        assertThat(read).isEqualTo(Samples.named(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void golden_bytes_keep_to_the_schema(String name) {
        assertThat(Contract.named(name).violations(Contract.json(golden(name)))).isEmpty();
    }

    private static byte[] golden(String name) {
        return Contract.bytes("/golden/" + name + ".json");
    }
}
