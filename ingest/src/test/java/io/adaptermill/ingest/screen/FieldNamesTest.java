package io.adaptermill.ingest.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.adaptermill.schemas.EventJson;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FieldNamesTest {
    @Test
    void a_misspelt_field_is_named_with_what_was_meant() throws JsonProcessingException {
        // When
        List<FieldNames.Unknown> unknown = unknown("""
                {"kind": "edit", "promt": [], "orignal": "x", "edited": "y", "zzzzzz": 1,
                 "prompt": [{"role": "user", "contnet": "q"}]}
                """);

        // Then
        assertThat(unknown)
                .containsExactly(
                        new FieldNames.Unknown("data.promt", Optional.of("prompt")),
                        new FieldNames.Unknown("data.orignal", Optional.of("original")),
                        new FieldNames.Unknown("data.zzzzzz", Optional.empty()),
                        new FieldNames.Unknown("data.prompt[0].contnet", Optional.of("content")));
    }

    @Test
    void a_field_of_another_kind_is_unknown_here() throws JsonProcessingException {
        // When
        List<FieldNames.Unknown> unknown =
                unknown("{\"kind\": \"demonstration\", \"prompt\": \"q\", \"response\": \"a\", \"thumb\": \"up\"}");

        // Then
        assertThat(unknown).containsExactly(new FieldNames.Unknown("data.thumb", Optional.empty()));
    }

    @Test
    void right_fields_and_unknown_kinds_are_left_to_the_reading_proper() throws JsonProcessingException {
        // When
        List<FieldNames.Unknown> right =
                unknown("{\"kind\": \"rating\", \"inferenceId\": \"i\", \"score\": 1, \"subject\": \"s\"}");
        List<FieldNames.Unknown> other = unknown("{\"kind\": \"ratng\", \"x\": 1}");

        // Then
        assertThat(right).isEmpty();
        assertThat(other).isEmpty();
    }

    private static List<FieldNames.Unknown> unknown(String json) throws JsonProcessingException {
        return FieldNames.unknown(EventJson.mapper().readTree(json));
    }
}
