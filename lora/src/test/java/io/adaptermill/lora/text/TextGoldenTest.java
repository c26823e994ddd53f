package io.adaptermill.lora.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.source.ModelFiles;
import io.adaptermill.schemas.feedback.Message;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextGoldenTest {
    /// Each model with the file of what tokenizers and transformers make of the same texts.
    record Model(Path path, String golden) {}

    static Stream<Model> models() {
        Stream<Model> tiny =
                Stream.of("tiny-q4_1.gguf", "tiny-bf16").map(n -> new Model(Golden.path(n), "text-tiny.json"));
        Stream<Model> real = Golden.realModel().map(path -> new Model(path, "text-smollm2.json")).stream();
        return Stream.concat(tiny, real);
    }

    @ParameterizedTest
    @MethodSource("models")
    void texts_become_the_tokens_of_the_reference(Model model) {
        try (TextCodec codec = ModelFiles.at(model.path).readText()) {
            for (JsonNode golden : Golden.json(model.golden).path("texts")) {
                // Given
                String text = golden.path("text").asText();

                // When
                int[] ids = codec.encode(text);

                // Then
                assertThat(ids).as(text).isEqualTo(ids(golden));
                assertThat(codec.decode(ids)).isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void conversations_become_the_tokens_of_the_template(Model model) {
        try (TextCodec codec = ModelFiles.at(model.path).readText()) {
            for (JsonNode golden : Golden.json(model.golden).path("chats")) {
                // Given
                List<Message> messages = messages(golden.path("messages"));
                TextCodec.Turn turn =
                        golden.path("prompt").asBoolean() ? TextCodec.Turn.ASSISTANT : TextCodec.Turn.CLOSED;

                // When
                int[] ids = codec.renderChat(messages, turn);

                // Then
                assertThat(ids).as(messages.toString()).isEqualTo(ids(golden));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void a_long_text_is_not_cut(Model model) {
        try (TextCodec codec = ModelFiles.at(model.path).readText()) {
            // Given
            JsonNode golden = Golden.json(model.golden);
            List<String> texts = new ArrayList<>();
            golden.path("texts").forEach(each -> texts.add(each.path("text").asText()));
            String text = String.join(" ", texts)
                    .repeat(golden.path("long").path("repeat").intValue());

            // When
            int[] ids = codec.encode(text);

            // Then
            assertThat(ids).hasSize(golden.path("long").path("count").intValue());
            assertThat(sha256(ids)).isEqualTo(golden.path("long").path("sha256").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void a_reply_streamed_token_by_token_is_the_whole_reply(Model model) {
        try (TextCodec codec = ModelFiles.at(model.path).readText()) {
            for (JsonNode golden : Golden.json(model.golden).path("texts")) {
                // Given
                StreamingDecoder decoder = codec.streamingDecoder();
                List<String> pieces = new ArrayList<>();

                // When
                for (int id : ids(golden)) pieces.add(decoder.add(id));
                String last = decoder.finish();

                // Then
                assertThat(String.join("", pieces) + last)
                        .isEqualTo(golden.path("text").asText());
                if (!golden.path("text").asText().contains("\uFFFD")) {
                    assertThat(pieces).noneMatch(piece -> piece.contains("\uFFFD"));
                }
            }
        }
    }

    @Test
    void a_reply_cut_inside_a_character_ends_with_the_replacement_character() {
        try (TextCodec codec = ModelFiles.at(Golden.path("tiny-q4_1.gguf")).readText()) {
            // Given
            int[] ids = codec.encode("ok 🙂");
            StreamingDecoder decoder = codec.streamingDecoder();

            // When
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < ids.length - 1; i++) text.append(decoder.add(ids[i]));
            text.append('|').append(decoder.finish());

            // Then
            assertThat(text.toString()).isEqualTo("ok |\uFFFD");
        }
    }

    @Test
    void half_a_surrogate_pair_is_encoded_as_the_replacement_character() {
        try (TextCodec codec = ModelFiles.at(Golden.path("tiny-q4_1.gguf")).readText()) {
            // When
            int[] ids = codec.encode("a\uD83Db\uDE42");

            // Then
            assertThat(codec.decode(ids)).isEqualTo("a\uFFFDb\uFFFD");
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void control_tokens_leave_no_trace_in_a_reply(Model model) {
        try (TextCodec codec = ModelFiles.at(model.path).readText()) {
            // Given
            List<Message> messages = List.of(new Message(Message.Role.USER, "Hi 🙂"));

            // When
            String text = codec.decode(codec.renderChat(messages, TextCodec.Turn.CLOSED));

            // Then
            assertThat(text)
                    .startsWith("system\nYou are")
                    .endsWith("\nuser\nHi 🙂\n")
                    .doesNotContain("<|");
        }
    }

    @Test
    void the_end_of_a_turn_stops_a_reply() {
        try (TextCodec codec = ModelFiles.at(Golden.path("tiny-q4_1.gguf")).readText()) {
            // When
            int[] reply = codec.encodeReply("a");

            // Then
            assertThat(codec.stops()).isEqualTo(Set.of(2));
            assertThat(reply).endsWith(2).hasSize(2);
        }
    }

    @Test
    void a_template_that_is_not_known_is_refused_with_what_to_do() {
        assertThatThrownBy(() -> ChatTemplate.of("{{ bos_token }}{% for m in messages %}[INST]{% endfor %}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("chat template is not one that is known")
                .hasMessageContaining("[INST]");
    }

    private static List<Message> messages(JsonNode messages) {
        return StreamSupport.stream(messages.spliterator(), false)
                .map(each -> new Message(
                        Message.Role.valueOf(each.path("role").asText().toUpperCase(Locale.ROOT)),
                        each.path("content").asText()))
                .toList();
    }

    private static int[] ids(JsonNode golden) {
        JsonNode ids = golden.path("ids");
        int[] values = new int[ids.size()];
        for (int i = 0; i < values.length; i++) values[i] = ids.get(i).intValue();
        return values;
    }

    private static String sha256(int[] ids) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(ids);
        return Golden.sha256(MemorySegment.ofArray(bytes.array()));
    }
}
