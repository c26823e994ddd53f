package io.adaptermill.lora.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.lora.Golden;
import io.adaptermill.schemas.feedback.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The pre-tokenizers that a GGUF file only names, and Llama 3's template, against tokenizers (`make_split_golden.py`).
class SplitGoldenTest {
    private static final JsonNode GOLDEN = Golden.json("text-splits.json");

    @ParameterizedTest
    @EnumSource(
            value = ByteLevelBpe.Split.class,
            names = {"QWEN2", "LLAMA3"})
    void texts_become_the_tokens_of_the_reference(ByteLevelBpe.Split split) {
        // Given
        ByteLevelBpe vocabulary =
                new ByteLevelBpe(texts(GOLDEN.path("tokens")), texts(GOLDEN.path("merges")), new TreeSet<>(), split);
        try (Tokenizer tokenizer = new Tokenizer(vocabulary.tokenizerJson())) {
            JsonNode cases = GOLDEN.path("splits").path(split.name());
            assertThat(cases).isNotEmpty();
            for (JsonNode golden : cases) {
                String text = golden.path("text").asText();

                // When
                int[] ids = tokenizer.encode(text);

                // Then
                assertThat(ids).as(text).isEqualTo(ids(golden.path("ids")));
            }
        }
    }

    @Test
    void conversations_become_the_tokens_of_llama_3s_template() {
        // Given
        JsonNode golden = GOLDEN.path("llama3");
        ByteLevelBpe vocabulary = new ByteLevelBpe(
                texts(GOLDEN.path("tokens")), texts(GOLDEN.path("merges")), new TreeSet<>(), ByteLevelBpe.Split.LLAMA3);
        Map<String, Integer> control = new HashMap<>();
        golden.path("control")
                .properties()
                .forEach(each -> control.put(each.getKey(), each.getValue().intValue()));
        ChatTemplate template = ChatTemplate.of(golden.path("template").asText());
        TokenizerParts parts = new TokenizerParts(vocabulary.tokenizerJson(), control, template, Set.of());
        try (TextCodec codec = new TextCodec(parts)) {
            for (JsonNode each : golden.path("cases")) {
                List<Message> messages = new ArrayList<>();
                each.path("messages")
                        .forEach(message -> messages.add(new Message(
                                Message.Role.valueOf(
                                        message.path("role").asText().toUpperCase(Locale.ROOT)),
                                message.path("content").asText())));

                // When
                boolean prompt = each.path("prompt").asBoolean();
                int[] ids = codec.renderChat(messages, prompt ? TextCodec.Turn.ASSISTANT : TextCodec.Turn.CLOSED);

                // Then
                assertThat(ids).as(messages.toString()).isEqualTo(ids(each.path("ids")));
            }
            assertThat(codec.encodeReply(" ok\n")).endsWith(codec.endOfTurn()).startsWith(codec.encode("ok"));
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static int[] ids(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) ids[i] = array.get(i).intValue();
        return ids;
    }
}
