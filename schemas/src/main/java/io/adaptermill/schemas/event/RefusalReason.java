package io.adaptermill.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Why accepted feedback takes no part in training, each with what to do about it.
public enum RefusalReason {
    @JsonProperty("duplicate")
    DUPLICATE("Nothing: an event with this id was taken before. Give a new event a new id."),
    @JsonProperty("unknown-tenant")
    UNKNOWN_TENANT("Register the tenant with `adaptermill tenants apply`, then send the event again with a new id."),
    @JsonProperty("unknown-inference")
    UNKNOWN_INFERENCE("Send the rating with its prompt and response, or publish inference.served for this id first."),
    @JsonProperty("contract-violation")
    CONTRACT_VIOLATION(
            "Correct the named field (schemas/ has the JSON Schema) and send the event again with a new id."),
    @JsonProperty("unsupported-schema-version")
    UNSUPPORTED_SCHEMA_VERSION("Send ce_type io.adaptermill.feedback.received.v1, or upgrade Adaptermill."),
    @JsonProperty("too-large")
    TOO_LARGE("Shorten the conversation: an event may have 64 KiB of text."),
    @JsonProperty("buffer-full")
    BUFFER_FULL("Send it again later with a new id, or raise batch.bufferedMax in the tenant's policy."),
    @JsonProperty("erased")
    ERASED("Nothing: the person asked that it be forgotten, and it was, before it was learned."),
    @JsonProperty("discarded")
    DISCARDED("Nothing: it was quarantined as suspicious, and a person who looked at it discarded it.");

    private final String nextStep;

    RefusalReason(String nextStep) {
        this.nextStep = nextStep;
    }

    public String nextStep() {
        return nextStep;
    }
}
