package io.adaptermill.ingest.join;

import io.adaptermill.ingest.screen.TextSize;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.feedback.Prompt;

/// What a rating or an edit needs of the answer that it judges.
///
/// @param response may be empty: a model can answer nothing
public record Answer(Prompt prompt, String response) {
    public static Answer of(InferenceServed served) {
        return new Answer(served.prompt(), served.response());
    }

    public long bytes() {
        return TextSize.bytes(prompt) + TextSize.bytes(response);
    }
}
