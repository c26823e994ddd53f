package io.adaptermill.lora.generate;

/// The conversation leaves no room for an answer.
///
/// Raised before anything is computed. What to do: shorten the conversation, or raise the context limit where the model
/// was trained for more.
public final class ContextExceeded extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ContextExceeded(int promptTokens, int contextTokens) {
        super("the conversation has " + promptTokens
                + " tokens, which leaves no room for an answer within the context of " + contextTokens
                + ": shorten it to at most " + (contextTokens - 1));
    }
}
