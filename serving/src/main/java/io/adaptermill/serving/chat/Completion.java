package io.adaptermill.serving.chat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.lora.generate.FinishReason;
import io.adaptermill.lora.generate.GenerationResult;
import java.util.List;

/// `chat.completion`: a whole answer, as OpenAI's clients expect it.
///
/// @param id the inference id, which a rating may name
/// @param created seconds since 1970
/// @param systemFingerprint the version that wrote the answer
public record Completion(
        String id,
        String object,
        long created,
        String model,
        @JsonProperty("system_fingerprint") String systemFingerprint,
        List<Choice> choices,
        Usage usage) {

    public record Choice(
            int index,
            Said message,
            @JsonProperty("finish_reason") String finishReason) {}

    /// The assistant's turn.
    public record Said(String role, String content) {}

    public record Usage(
            @JsonProperty("prompt_tokens") int promptTokens,
            @JsonProperty("completion_tokens") int completionTokens,
            @JsonProperty("total_tokens") int totalTokens) {
        static Usage of(GenerationResult result) {
            return new Usage(
                    result.promptTokens(),
                    result.completionTokens(),
                    result.promptTokens() + result.completionTokens());
        }
    }

    public static Completion of(AnswerHead head, GenerationResult result) {
        Choice choice = new Choice(0, new Said("assistant", result.text()), reason(result.finish()));
        return new Completion(
                head.id(),
                "chat.completion",
                head.created(),
                head.model(),
                head.version(),
                List.of(choice),
                Usage.of(result));
    }

    static String reason(FinishReason finish) {
        return switch (finish) {
            case STOP -> "stop";
            case LENGTH -> "length";
        };
    }
}
