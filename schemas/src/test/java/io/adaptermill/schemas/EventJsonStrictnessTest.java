package io.adaptermill.schemas;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.event.TrainingProgressed;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a reader must not let through, because it would be guessed at, lost, or never writable again.
class EventJsonStrictnessTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"kind":"demonstration","prompt":"Hi","response":5}                                       | response
            {"kind":"demonstration","prompt":"Hi","response":true}                                    | response
            {"kind":"demonstration","prompt":5,"response":"Hello"}                                    | prompt
            {"kind":"demonstration","prompt":"Hi","response":null}                                    | response
            {"kind":"demonstration","prompt":"Hi","response":"a","response":"b"}                      | Duplicate field 'response'
            {"kind":"demonstration","prompt":"Hi","response":"Hello","subjct":"u1"}                   | no field "subjct"
            {"kind":"demonstration","prompt":"Hi","response":"half \\ud800 a pair"}                   | half a surrogate pair
            {"kind":"demonstration","prompt":[{"role":"bot","content":"Hi"}],"response":"a"}          | role
            {"kind":"demonstration","prompt":[{"role":1,"content":"Hi"}],"response":"a"}              | role
            {"kind":"demonstration","prompt":"Hi","response":"Hello"} trailing                        | trailing
            {"kind":"rating","inferenceId":"i-1","score":"0.7"}                                       | score
            {"kind":"rating","inferenceId":"i-1","score":"NaN"}                                       | score
            {"kind":"rating","inferenceId":"i-1","thumb":""}                                          | thumb
            {"kind":"applause","prompt":"Hi"}                                                         | kind
            {"prompt":"Hi","response":"Hello"}                                                        | kind
            """)
    void wrong_feedback_is_refused_with_the_field_named(String json, String named) {
        assertThatThrownBy(() -> EventJson.read(bytes(json), FeedbackReceived.class))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"batch":"acme#1","step":1.5,"stepsTotal":2,"lossNats":1,"worker":"w"}   | step
            {"batch":"acme#1","step":"1","stepsTotal":2,"lossNats":1,"worker":"w"}   | step
            {"batch":"acme#1","step":3,"stepsTotal":2,"lossNats":1,"worker":"w"}     | step
            {"batch":"acme#1","step":1,"stepsTotal":2,"lossNats":"NaN","worker":"w"} | lossNats
            {"batch":"acme#1","step":1,"stepsTotal":2,"worker":"w"}                  | lossNats
            """)
    void wrong_numbers_are_refused_with_the_field_named(String json, String named) {
        assertThatThrownBy(() -> EventJson.read(bytes(json), TrainingProgressed.class))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "acme",
                "acme#0",
                "acme#01",
                "acme#+1",
                "acme#-1",
                "acme#",
                "#1",
                "Acme#1",
                "acme#1000000000000000000"
            })
    void a_batch_has_one_spelling(String batch) {
        String json = "{\"batch\":\"" + batch + "\",\"step\":0,\"reason\":\"r\",\"nextStep\":\"n\"}";
        assertThatThrownBy(() -> EventJson.read(bytes(json), TrainingFailed.class))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("batch");
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32BE"})
    void another_encoding_than_utf_8_is_not_guessed_at(String encoding) {
        // Given
        byte[] json = "{\"kind\":\"demonstration\",\"prompt\":\"Hi\",\"response\":\"Hello\"}"
                .getBytes(Charset.forName(encoding));

        // When / Then
        assertThatThrownBy(() -> EventJson.read(json, FeedbackReceived.class)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void a_slash_spelled_in_two_bytes_is_not_taken() {
        // Given
        byte[] json = "{\"kind\":\"demonstration\",\"prompt\":\"\u00c0\u00af\",\"response\":\"Hello\"}"
                .getBytes(StandardCharsets.ISO_8859_1);

        // When / Then
        assertThatThrownBy(() -> EventJson.read(json, FeedbackReceived.class)).isInstanceOf(UncheckedIOException.class);
    }
}
