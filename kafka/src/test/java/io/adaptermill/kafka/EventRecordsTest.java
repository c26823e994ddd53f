package io.adaptermill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventRecordsTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final TenantId ACME = new TenantId("acme");
    private static final RecordPlace PLACE = new RecordPlace("adaptermill.feedback.received", 3, 42, 1_000);
    private static final String GOOD = "{\"kind\":\"demonstration\",\"prompt\":\"Hi\",\"response\":\"Hello\"}";
    private static final Envelope<FeedbackReceived> EVENT = new Envelope<>(
            ACME,
            new EventId("e-1"),
            "/products/desk",
            NOON,
            new FeedbackReceived(new Feedback.Demonstration(Prompt.ofUser("Hi"), "Hello", Optional.empty())));

    @Test
    void an_event_is_a_cloudevent_in_binary_mode_keyed_by_tenant() {
        // Given
        Envelope<FeedbackReceived> event = EVENT;

        // When
        ProducerRecord<byte[], byte[]> record = EventRecords.toRecord(Topics.FEEDBACK_RECEIVED, event);

        // Then
        assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("acme");
        assertThat(texts(record.headers()))
                .isEqualTo(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "e-1",
                        "ce_source", "/products/desk",
                        "ce_type", "io.adaptermill.feedback.received.v1",
                        "ce_time", "2026-01-31T12:00:00Z",
                        "ce_subject", "acme/e-1",
                        "ce_partitionkey", "acme",
                        "content-type", "application/json"));
    }

    @Test
    void what_is_written_is_read() {
        // Given
        ProducerRecord<byte[], byte[]> record = EventRecords.toRecord(Topics.FEEDBACK_RECEIVED, EVENT);

        // When
        EventRead<FeedbackReceived> read =
                EventRecords.read(Topics.FEEDBACK_RECEIVED, PLACE, record.key(), record.headers(), record.value());

        // Then
        assertThat(read).isEqualTo(new EventRead.Readable<>(EVENT));
    }

    @Test
    void four_headers_are_enough_and_the_record_gives_the_time() {
        // Given
        Map<String, String> headers = required();

        // When
        EventRead<FeedbackReceived> read = read(bytes("acme"), headers, bytes(GOOD));

        // Then
        assertThat(read)
                .isEqualTo(new EventRead.Readable<>(
                        new Envelope<>(ACME, EVENT.id(), EVENT.source(), Instant.ofEpochMilli(1_000), EVENT.event())));
    }

    @Test
    void structured_mode_is_read_too() {
        // Given
        String structured = "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/products/desk\","
                + "\"type\":\"io.adaptermill.feedback.received.v1\",\"time\":\"2026-01-31T13:00:00+01:00\","
                + "\"data\":" + GOOD + "}";

        // When
        EventRead<FeedbackReceived> read = read(
                bytes("acme"),
                Map.of("content-type", "application/cloudevents+json; charset=UTF-8"),
                bytes(structured));

        // Then
        assertThat(read).isEqualTo(new EventRead.Readable<>(EVENT));
    }

    @Test
    void an_empty_record_removes_from_a_compacted_topic() {
        // Given
        ProducerRecord<byte[], byte[]> removal = EventRecords.toRemoval(Topics.TENANT_POLICIES, ACME);

        // When
        EventRead<TenantPolicy> read =
                EventRecords.read(Topics.TENANT_POLICIES, PLACE, removal.key(), removal.headers(), removal.value());

        // Then
        assertThat(read).isEqualTo(new EventRead.Removed<>(ACME));
    }

    static Stream<Arguments> a_bad_record_names_the_part_at_fault() {
        return Stream.of(
                Arguments.of("no key", null, required(), GOOD, "key"),
                Arguments.of("key is no tenant", "Acme!", required(), GOOD, "key"),
                Arguments.of("no value", "acme", required(), null, "data"),
                Arguments.of("no id", "acme", without("ce_id"), GOOD, "ce_id"),
                Arguments.of("no type", "acme", without("ce_type"), GOOD, "ce_type"),
                Arguments.of("no source", "acme", without("ce_source"), GOOD, "ce_source"),
                Arguments.of("no version", "acme", without("ce_specversion"), GOOD, "ce_specversion"),
                Arguments.of("blank id", "acme", with("ce_id", " "), GOOD, "ce_id"),
                Arguments.of("old CloudEvents", "acme", with("ce_specversion", "0.3"), GOOD, "ce_specversion"),
                Arguments.of(
                        "next schema", "acme", with("ce_type", "io.adaptermill.feedback.received.v2"), GOOD, "ce_type"),
                Arguments.of("other partition key", "acme", with("ce_partitionkey", "globex"), GOOD, "ce_partitionkey"),
                Arguments.of("no time of day", "acme", with("ce_time", "yesterday"), GOOD, "ce_time"),
                Arguments.of("not JSON's type", "acme", with("content-type", "text/plain"), GOOD, "content-type"),
                Arguments.of("empty value", "acme", required(), "", "data"),
                Arguments.of("no JSON", "acme", required(), "secret words", "data"),
                Arguments.of("cut short", "acme", required(), GOOD.substring(0, 40), "data"),
                Arguments.of("two values", "acme", required(), GOOD + GOOD, "data"),
                Arguments.of("a list", "acme", required(), "[" + GOOD + "]", "data"),
                Arguments.of("unknown kind", "acme", required(), GOOD.replace("demonstration", "secret"), "data.kind"),
                Arguments.of("field missing", "acme", required(), GOOD.replace("response", "x"), "data.response"),
                Arguments.of(
                        "field of wrong type",
                        "acme",
                        required(),
                        GOOD.replace("\"Hello\"", "{\"secret\":1}"),
                        "data.response"),
                Arguments.of(
                        "value our own check refuses",
                        "acme",
                        required(),
                        GOOD.replace("{", "{\"subject\":\"secret\\u0007\","),
                        "data.subject"),
                Arguments.of(
                        "structured without data",
                        "acme",
                        with("content-type", "application/cloudevents+json"),
                        "{\"specversion\":\"1.0\"}",
                        "data"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_bad_record_names_the_part_at_fault(
            String name, @Nullable String key, Map<String, String> headers, @Nullable String value, String field) {
        // When
        EventRead<FeedbackReceived> read =
                read(key == null ? null : bytes(key), headers, value == null ? null : bytes(value));

        // Then
        assertThat(field(read)).isEqualTo(field);
        assertThat(unreadable(read).violation())
                .hasMessageContaining("adaptermill.feedback.received-3@42")
                .hasMessageNotContaining("secret");
    }

    @Test
    void bytes_that_are_no_text_are_refused_everywhere() {
        // Given
        byte[] noText = {(byte) 0xC3, (byte) 0x28};

        // When / Then
        assertThat(field(read(noText, required(), bytes(GOOD)))).isEqualTo("key");
        assertThat(field(read(bytes("acme"), required(), noText))).isEqualTo("data");
        Headers headers = headers(without("ce_source")).add("ce_source", noText);
        assertThat(field(EventRecords.read(Topics.FEEDBACK_RECEIVED, PLACE, bytes("acme"), headers, bytes(GOOD))))
                .isEqualTo("ce_source");
    }

    @Test
    void an_unreadable_record_still_says_whose_it_is() {
        // When
        EventRead<FeedbackReceived> read = read(bytes("acme"), required(), bytes("{"));

        // Then
        assertThat(unreadable(read).tenant()).contains(ACME);
        assertThat(unreadable(read).id()).contains(EVENT.id());
    }

    @Test
    void a_republished_event_keeps_nothing_of_the_event_before() {
        // Given
        Headers headers = new RecordHeaders()
                .add("ce_id", bytes("old"))
                .add("ce_old", bytes("old"))
                .add("traceparent", bytes("kept"));

        // When
        new EventSerializer<>(Topics.FEEDBACK_RECEIVED).serialize("any", headers, EVENT);

        // Then
        assertThat(texts(headers))
                .containsEntry("ce_id", "e-1")
                .containsEntry("traceparent", "kept")
                .doesNotContainKey("ce_old");
        assertThat(headers.headers("ce_id")).hasSize(1);
    }

    private static EventRead<FeedbackReceived> read(
            byte @Nullable [] key, Map<String, String> headers, byte @Nullable [] value) {
        return EventRecords.read(Topics.FEEDBACK_RECEIVED, PLACE, key, headers(headers), value);
    }

    private static String field(EventRead<FeedbackReceived> read) {
        return unreadable(read).violation().field();
    }

    private static EventRead.Unreadable<FeedbackReceived> unreadable(EventRead<FeedbackReceived> read) {
        return (EventRead.Unreadable<FeedbackReceived>) read;
    }

    private static Headers headers(Map<String, String> texts) {
        Headers headers = new RecordHeaders();
        texts.forEach((name, value) -> headers.add(name, bytes(value)));
        return headers;
    }

    private static Map<String, String> texts(Headers headers) {
        Map<String, String> texts = new TreeMap<>();
        for (Header header : headers) {
            texts.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static Map<String, String> required() {
        return Map.of(
                "ce_specversion", "1.0",
                "ce_id", "e-1",
                "ce_source", "/products/desk",
                "ce_type", "io.adaptermill.feedback.received.v1");
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> headers = new TreeMap<>(required());
        headers.put(name, value);
        return headers;
    }

    private static Map<String, String> without(String name) {
        Map<String, String> headers = new TreeMap<>(required());
        headers.remove(name);
        return headers;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
