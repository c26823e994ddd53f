package io.adaptermill.schemas.feedback;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.schemas.Checks;

/// One turn of a conversation.
public record Message(Role role, String content) {
    public Message {
        Checks.filled("content", content);
    }

    public enum Role {
        @JsonProperty("system")
        SYSTEM,
        @JsonProperty("user")
        USER,
        @JsonProperty("assistant")
        ASSISTANT
    }
}
