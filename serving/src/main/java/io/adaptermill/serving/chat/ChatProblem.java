package io.adaptermill.serving.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/// A refused request in OpenAI's error shape, with what to do next.
///
/// @param status of the HTTP answer
/// @param type OpenAI's class of error, such as `invalid_request_error`
/// @param param the field at fault, such as `messages[2].role`
/// @param code stable and machine-readable, such as `context_length_exceeded`
public record ChatProblem(
        int status, String type, Optional<String> param, String code, String message, String nextStep) {
    private static final String INVALID = "invalid_request_error";

    public static ChatProblem invalid(String param, String code, String message, String nextStep) {
        return new ChatProblem(400, INVALID, Optional.of(param), code, message, nextStep);
    }

    public static ChatProblem unreadable(String message) {
        return new ChatProblem(
                400, INVALID, Optional.empty(), "invalid_json", message, "send a JSON object with model and messages");
    }

    public static ChatProblem noSuchModel(String model, String nextStep) {
        return new ChatProblem(
                404,
                INVALID,
                Optional.of("model"),
                "model_not_found",
                "no model \"" + model + "\" serves here",
                nextStep);
    }

    public static ChatProblem unauthorized(String message) {
        return new ChatProblem(
                401,
                "authentication_error",
                Optional.empty(),
                "invalid_api_key",
                message,
                "send \"Authorization: Bearer KEY\" with a key of the tenant's policy");
    }

    public static ChatProblem forbidden(String message) {
        return new ChatProblem(
                403,
                "permission_error",
                Optional.of("model"),
                "model_not_yours",
                message,
                "ask for the key's own tenant, or send that tenant's key");
    }

    public static ChatProblem busy(String message) {
        return new ChatProblem(
                503,
                "overloaded_error",
                Optional.empty(),
                "overloaded",
                message,
                "repeat after the seconds in Retry-After");
    }

    public static ChatProblem broken() {
        return new ChatProblem(
                500,
                "server_error",
                Optional.empty(),
                "internal_error",
                "the engine failed while answering",
                "repeat the request; if it fails again, look for \"engine failed\" in the log of serving");
    }

    public Body body() {
        return new Body(new Error(message + ". Next: " + nextStep, type, param, code, nextStep));
    }

    /// The JSON document.
    public record Body(Error error) {}

    /// OpenAI's four members and the next step by itself.
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Error(
            String message,
            String type,
            Optional<String> param,
            String code,
            @JsonProperty("next_step") String nextStep) {}
}
