package io.adaptermill.serving.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.lora.generate.GenerationResult;
import java.util.List;
import java.util.Optional;

/// `chat.completion.chunk`: one event of a streamed answer.
///
/// In order: the role, pieces of text, the finish reason, and the token counts if they were asked for.
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record CompletionChunk(
        String id,
        String object,
        long created,
        String model,
        @JsonProperty("system_fingerprint") String systemFingerprint,
        List<Choice> choices,
        Optional<Completion.Usage> usage) {

    /// @param finishReason null until the last one, as OpenAI has it
    public record Choice(
            int index,
            Delta delta,

            @JsonProperty("finish_reason") @JsonInclude(JsonInclude.Include.ALWAYS)
            Optional<String> finishReason) {}

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Delta(Optional<String> role, Optional<String> content) {}

    public static CompletionChunk opening(AnswerHead head) {
        return of(head, new Delta(Optional.of("assistant"), Optional.of("")), Optional.empty());
    }

    public static CompletionChunk text(AnswerHead head, String text) {
        return of(head, new Delta(Optional.empty(), Optional.of(text)), Optional.empty());
    }

    public static CompletionChunk finish(AnswerHead head, GenerationResult result) {
        return of(head, new Delta(Optional.empty(), Optional.empty()), Optional.of(Completion.reason(result.finish())));
    }

    public static CompletionChunk usage(AnswerHead head, GenerationResult result) {
        return new CompletionChunk(
                head.id(),
                "chat.completion.chunk",
                head.created(),
                head.model(),
                head.version(),
                List.of(),
                Optional.of(Completion.Usage.of(result)));
    }

    private static CompletionChunk of(AnswerHead head, Delta delta, Optional<String> finish) {
        return new CompletionChunk(
                head.id(),
                "chat.completion.chunk",
                head.created(),
                head.model(),
                head.version(),
                List.of(new Choice(0, delta, finish)),
                Optional.empty());
    }
}
