package io.adaptermill.schemas.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What of two events must be alike for them to say nearly the same.
public enum Compared {
    /// Question and reply: a tenant may have replies that it gives to many questions.
    @JsonProperty("exchange")
    EXCHANGE,
    /// The reply, if it is of some length, whatever was asked: a flood of one reply is seen under any questions.
    @JsonProperty("reply")
    REPLY
}
