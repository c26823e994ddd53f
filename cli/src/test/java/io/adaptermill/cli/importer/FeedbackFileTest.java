package io.adaptermill.cli.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FeedbackFileTest {
    private static final Prompt TEA = Prompt.ofUser("Tea?");

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void each_format_is_recognised_and_read(String format, String row, List<Feedback> expected) throws IOException {
        // Given
        Path file = write("rows.jsonl", row + "\n");

        // When
        Import read = read(file, Optional.empty());

        // Then
        assertThat(read).isEqualTo(new Import(List.of(format), expected, List.of()));
    }

    static Stream<Arguments> formats() {
        return Stream.of(
                Arguments.of(
                        "OpenAI chat (messages)",
                        """
                        {"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Tea?"},\
                        {"role":"assistant","content":"With milk."}]}""",
                        List.of(new Feedback.Demonstration(
                                new Prompt(List.of(
                                        new Message(Message.Role.SYSTEM, "Be kind."),
                                        new Message(Message.Role.USER, "Tea?"))),
                                "With milk.",
                                Optional.empty()))),
                Arguments.of("OpenAI preference", """
                        {"input":{"messages":[{"role":"user","content":"Tea?"}]},"preferred_output":[{"role":"assistant",\
                        "content":"Yes."}],"non_preferred_output":[{"role":"assistant","content":"Eh."}]}""", List.of(preference("Yes.", "Eh."))),
                Arguments.of(
                        "TRL prompt, completion",
                        """
                        {"prompt":"Tea?","completion":"With milk."}""",
                        List.of(new Feedback.Demonstration(TEA, "With milk.", Optional.empty()))),
                Arguments.of(
                        "TRL prompt, completion",
                        """
                        {"prompt":[{"role":"user","content":"Tea?"}],"completion":[{"role":"assistant","content":"Yes."}]}""",
                        List.of(new Feedback.Demonstration(TEA, "Yes.", Optional.empty()))),
                Arguments.of("TRL preference (chosen, rejected)", """
                        {"prompt":"Tea?","chosen":"Yes.","rejected":"Eh."}""", List.of(preference("Yes.", "Eh."))),
                Arguments.of("TRL preference (chosen, rejected)", """
                        {"chosen":[{"role":"user","content":"Tea?"},{"role":"assistant","content":"Yes."}],\
                        "rejected":[{"role":"user","content":"Tea?"},{"role":"assistant","content":"Eh."}]}""", List.of(preference("Yes.", "Eh."))),
                Arguments.of("TRL KTO (completion, label)", """
                        {"prompt":"Tea?","completion":"Eh.","label":false}""", List.of(rating("Eh.", Thumb.DOWN))),
                Arguments.of("hh-rlhf (transcripts)", """
                        {"chosen":"\\n\\nHuman: Tea?\\n\\nAssistant: Yes.","rejected":"\\n\\nHuman: Tea?\\n\\nAssistant: Eh."}""", List.of(preference("Yes.", "Eh."))),
                Arguments.of(
                        "qa-feedback (edits and preferences)",
                        """
                        {"question":"Tea?","prediction 1":"A","prediction 2":"B","prediction 3":"C","prediction 4":"D",\
                        "feedback":{"corrected-prediction":"A!"},"preference":[1,2,0,0,0,2]}""",
                        List.of(
                                new Feedback.Edit(
                                        Optional.empty(), Optional.of(TEA), Optional.of("A"), "A!", Optional.empty()),
                                preference("A", "B"),
                                preference("C", "A"),
                                preference("D", "C"))),
                Arguments.of("Adaptermill feedback", """
                        {"kind":"rating","prompt":"Tea?","response":"Yes.","thumb":"up"}""", List.of(rating("Yes.", Thumb.UP))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusable")
    void an_unusable_row_is_refused_by_name_and_the_next_is_read(String reason, String row) throws IOException {
        // Given
        Path file = write("rows.jsonl", row + "\n{\"prompt\":\"Tea?\",\"completion\":\"Yes.\"}\n");

        // When
        Import read = read(file, Optional.empty());

        // Then
        assertThat(read.refused()).containsExactly("1: " + reason);
        assertThat(read.feedback()).containsExactly(new Feedback.Demonstration(TEA, "Yes.", Optional.empty()));
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of("not JSON", "{\"prompt\":"),
                Arguments.of("not JSON", "\"Tea?\""),
                Arguments.of("no known format", "{\"question\":\"Tea?\"}"),
                Arguments.of("empty completion", "{\"prompt\":\"Tea?\",\"completion\":\" \"}"),
                Arguments.of("no messages in completion", "{\"prompt\":\"T\",\"completion\":7}"),
                Arguments.of("label is neither true nor false", "{\"prompt\":\"T\",\"completion\":\"Y\",\"label\":1}"),
                Arguments.of(
                        "prompt does not end with the user",
                        "{\"messages\":[{\"role\":\"assistant\",\"content\":\"Yes.\"},{\"role\":\"assistant\","
                                + "\"content\":\"Yes.\"}]}"),
                Arguments.of(
                        "messages of role tool are not learned from",
                        "{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}"),
                Arguments.of(
                        "chosen and rejected differ before the last answer",
                        "{\"chosen\":\"\\n\\nHuman: Tea?\\n\\nAssistant: Yes.\","
                                + "\"rejected\":\"\\n\\nHuman: Milk?\\n\\nAssistant: Eh.\"}"),
                Arguments.of(
                        "breaks a rule: chosen and rejected must differ",
                        "{\"prompt\":\"Tea?\",\"chosen\":\"Yes.\",\"rejected\":\"Yes.\"}"));
    }

    @Test
    void a_packed_file_reads_like_its_content() throws IOException {
        // Given
        Path packed = folder.resolve("rows.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write("{\"prompt\":\"Tea?\",\"completion\":\"Yes.\"}\n".getBytes(StandardCharsets.UTF_8));
        }

        // When
        Import read = read(packed, Optional.empty());

        // Then
        assertThat(read.feedback()).containsExactly(new Feedback.Demonstration(TEA, "Yes.", Optional.empty()));
    }

    @Test
    void an_array_reads_like_lines() throws IOException {
        // Given
        Path file = write(
                "rows.json",
                " [{\"prompt\":\"Tea?\",\"completion\":\"Yes.\"},\n {\"prompt\":\"Tea?\",\"completion\":\"No.\"}, 7]");

        // When
        Import read = read(file, Optional.empty());

        // Then
        assertThat(read)
                .isEqualTo(new Import(
                        List.of("TRL prompt, completion"),
                        List.of(
                                new Feedback.Demonstration(TEA, "Yes.", Optional.empty()),
                                new Feedback.Demonstration(TEA, "No.", Optional.empty())),
                        List.of("3: not JSON")));
    }

    @Test
    void a_table_is_read_by_its_columns() throws IOException {
        // Given
        Path file =
                write("rows.csv", "text,reply,vote\n\"Tea?\",\"Yes,\nplease.\",up\nTea?,Eh.,down\nTea?,Eh.,maybe\n");
        ColumnMap columns = ColumnMap.parse("prompt=text,response=reply,thumb=vote");

        // When
        Import read = read(file, Optional.of(columns));

        // Then
        assertThat(read.feedback()).containsExactly(rating("Yes,\nplease.", Thumb.UP), rating("Eh.", Thumb.DOWN));
        assertThat(read.refused()).containsExactly("3: thumb is neither up nor down");
    }

    @Test
    void the_same_content_has_the_same_id_and_other_content_another() {
        // When
        List<String> ids = Stream.of(preference("Yes.", "Eh."), preference("Yes.", "Eh."), preference("Eh.", "Yes."))
                .map(feedback -> FeedbackFile.id(feedback).value())
                .toList();

        // Then
        assertThat(ids.get(0)).isEqualTo(ids.get(1)).isNotEqualTo(ids.get(2)).hasSize(39);
    }

    @Test
    void a_mapping_that_teaches_nothing_is_refused() {
        // When / Then
        assertThatThrownBy(() -> ColumnMap.parse("prompt=a,thumb=b")).hasMessageContaining("must name response");
        assertThatThrownBy(() -> ColumnMap.parse("prompt=a,answer=b")).hasMessageContaining("\"answer=b\"");
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static Import read(Path path, Optional<ColumnMap> columns) throws IOException {
        List<Feedback> feedback = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        try (FeedbackFile file = FeedbackFile.open(path, columns)) {
            file.forEach(row -> {
                switch (row) {
                    case Row.Event event -> feedback.add(event.feedback());
                    case Row.Refused unusable -> refused.add(unusable.line() + ": " + unusable.reason());
                }
            });
            return new Import(file.formats(), feedback, refused);
        }
    }

    private static Feedback preference(String chosen, String rejected) {
        return new Feedback.Preference(TEA, chosen, rejected, Optional.empty());
    }

    private static Feedback rating(String response, Thumb thumb) {
        return new Feedback.Rating(
                Optional.empty(),
                Optional.of(TEA),
                Optional.of(response),
                Optional.of(thumb),
                Optional.empty(),
                Optional.empty());
    }

    /// What a file gave.
    private record Import(List<String> formats, List<Feedback> feedback, List<String> refused) {}
}
