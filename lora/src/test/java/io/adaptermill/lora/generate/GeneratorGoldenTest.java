package io.adaptermill.lora.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.Golden;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.testkit.TestModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Against Hugging Face transformers: `src/test/golden/make_generate_golden.py`.
class GeneratorGoldenTest {
    private static final JsonNode GOLDEN = Golden.json("generate-smollm2.json");

    @Test
    void greedy_answers_of_the_real_model_are_those_of_transformers() {
        try (BaseModel base = BaseModel.open(TestModel.path());
                Generator generator = new Generator(base)) {
            // Given
            List<Generation> answers = new ArrayList<>();
            for (JsonNode golden : GOLDEN.path("cases")) {
                answers.add(generator.start(request(golden), Optional.empty(), _ -> {}));
            }

            // When: all at once, which must not matter
            while (answers.stream().anyMatch(answer -> !answer.isFinished())) generator.step(answers);

            // Then
            assertThat(answers.stream().map(Generation::result)).isEqualTo(expected());
        }
    }

    private static GenerationRequest request(JsonNode golden) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : golden.path("messages")) {
            messages.add(EventJson.mapper().convertValue(message, Message.class));
        }
        return new GenerationRequest(
                new Prompt(messages), GOLDEN.path("tokensMax").asInt(), Sampling.GREEDY, List.of());
    }

    private static List<GenerationResult> expected() {
        List<GenerationResult> results = new ArrayList<>();
        for (JsonNode golden : GOLDEN.path("cases")) {
            int written = golden.path("tokens").size();
            boolean ended = golden.path("tokens").get(written - 1).asInt() == 2;
            results.add(new GenerationResult(
                    golden.path("text").asText(),
                    ended ? FinishReason.STOP : FinishReason.LENGTH,
                    golden.path("promptTokens").size(),
                    written));
        }
        return results;
    }
}
