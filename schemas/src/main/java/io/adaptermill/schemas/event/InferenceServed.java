package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;

/// An answer went out: what was asked, what was said, and which version said it.
///
/// @param response may be empty: a model can answer nothing
/// @param version absent if the bare base model answered
public record InferenceServed(
        InferenceId inference,
        Prompt prompt,
        String response,
        Optional<VersionId> version,
        int promptTokens,
        int completionTokens,
        String replica)
        implements Event {
    public InferenceServed {
        Checks.text("response", response);
        Checks.atLeast("promptTokens", promptTokens, 0);
        Checks.atLeast("completionTokens", completionTokens, 0);
        Checks.filled("replica", replica);
    }
}
