package io.adaptermill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.InferenceId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/// What the README tells people to send is what the readers take.
class SendFeedbackTest {
    private static final String PROMPT = "How do I return a lamp?";
    private static final String GOOD = "Open Returns, then choose the lamp.";
    private static final String BAD = "Please contact support.";

    private final Markdown readme = Markdown.of("README.md");
    private final ProducerRecord<String, String> sent = new FeedbackSender().thumbUp("acme", "chatcmpl-5d0c2f");

    @Test
    void the_java_of_the_readme_is_compiled_code() {
        // When
        String region = first(
                "(?s)// tag::send-feedback\\[]\\n(.*?)// end::send-feedback",
                Repository.text("e2e/src/test/java/io/adaptermill/docs/FeedbackSender.java"));

        // Then
        assertThat(readme.code("java")).containsExactly(region);
    }

    @Test
    void the_record_of_the_java_is_feedback() {
        // Given
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(sent.topic(), 0, 0, bytes(sent.key()), bytes(sent.value()));
        sent.headers().forEach(record.headers()::add);

        // When
        EventRead<FeedbackReceived> read = EventRecords.read(Topics.FEEDBACK_RECEIVED, record);

        // Then
        Feedback expected = new Feedback.Rating(
                Optional.of(new InferenceId("chatcmpl-5d0c2f")),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Thumb.UP),
                Optional.empty(),
                Optional.empty());
        assertThat(sent.topic()).isEqualTo(Topics.FEEDBACK_RECEIVED.name());
        assertThat(read.envelope().map(Envelope::event)).contains(new FeedbackReceived(expected));
    }

    @Test
    void the_python_sends_the_same_headers_to_the_same_topic() {
        // Given
        String python = readme.code("python").getFirst();

        // When
        Map<String, String> headers = new TreeMap<>();
        Matcher matcher = Pattern.compile("\"((?:ce_|content-)[a-z]+)\": (.+),").matcher(python);
        while (matcher.find()) {
            headers.put(matcher.group(1), matcher.group(2));
        }

        // Then
        Map<String, String> expected = new TreeMap<>();
        for (Header header : sent.headers()) {
            expected.put(header.key(), '"' + new String(header.value(), StandardCharsets.UTF_8) + '"');
        }
        expected.put("ce_id", "str(uuid.uuid4())");
        assertThat(headers).isEqualTo(expected);
        assertThat(python).contains('"' + sent.topic() + '"').contains("key=\"" + sent.key() + '"');
    }

    @Test
    void the_data_of_the_python_is_a_preference() {
        // When
        Feedback read = feedback(
                first("(?s)feedback = (\\{.*?})\\n", readme.code("python").getFirst()));

        // Then
        assertThat(read).isEqualTo(new Feedback.Preference(Prompt.ofUser(PROMPT), GOOD, BAD, Optional.empty()));
    }

    @Test
    void the_data_of_the_curl_is_an_edit() {
        // When
        Feedback read = feedback(first("(?s)-d '(\\{.*?})'", readme.text()));

        // Then
        assertThat(read)
                .isEqualTo(new Feedback.Edit(
                        Optional.empty(),
                        Optional.of(Prompt.ofUser(PROMPT)),
                        Optional.of(BAD),
                        GOOD,
                        Optional.empty()));
    }

    private static Feedback feedback(String json) {
        return EventJson.read(bytes(json), FeedbackReceived.class).feedback();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String first(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
