package io.adaptermill.serving.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.lora.generate.GenerationRequest;
import io.adaptermill.lora.generate.Sampling;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.feedback.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads `POST /v1/chat/completions` field by field, so that each refusal names the field, what it was and
/// what to send.
///
/// Fields that would change the answer and that we cannot honour are refused, not ignored; fields that only
/// describe the caller (`user`, `metadata`, `store`) are ignored.
public final class ChatReader {
    /// Where OpenAI leaves the answer's length open, somebody pays for it: here one decode slot.
    public static final int TOKENS_DEFAULT = 256;
    /// OpenAI's default is 1. Here the likeliest answer is the default: it is the one the evaluator judged, the same
    /// question gets the same answer from the same version, and small models ramble at 1.
    public static final double TEMPERATURE_DEFAULT = 0;

    private static final int TOKENS_MAX = 1 << 20;
    private static final List<String> NOT_OFFERED =
            List.of("tools", "functions", "logit_bias", "audio", "prediction", "web_search_options");

    private ChatReader() {}

    /// @param seedDefault for requests that sample without naming a seed
    /// @throws RefusedRequest with the first problem found
    public static ChatRequest read(JsonNode json, long seedDefault) {
        if (!json.isObject()) throw new RefusedRequest(ChatProblem.unreadable("the body must be a JSON object"));
        requireOffered(json);
        String model = model(json);
        ModelName name = ModelName.parse(model)
                .orElseThrow(
                        () -> new RefusedRequest(
                                ChatProblem.noSuchModel(
                                        model,
                                        "use a tenant's name such as acme, a version such as acme@7, or base; GET /v1/models lists them")));
        boolean stream = flag(json, "stream");
        boolean usage = flag(json.path("stream_options"), "include_usage");
        return new ChatRequest(model, name, generation(json, seedDefault), stream, usage);
    }

    private static GenerationRequest generation(JsonNode json, long seedDefault) {
        int tokens = (int) limit(json).orElse((long) TOKENS_DEFAULT).longValue();
        double temperature = real(json, "temperature", TEMPERATURE_DEFAULT, 0, Sampling.TEMPERATURE_MAX);
        double topP = real(json, "top_p", 1, 0, 1);
        // OpenAI allows 0: nothing but the likeliest token.
        Sampling sampling = topP == 0
                ? Sampling.GREEDY
                : new Sampling(
                        temperature,
                        topP,
                        whole(json, "seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(seedDefault));
        return new GenerationRequest(prompt(json), tokens, sampling, stops(json));
    }

    private static void requireOffered(JsonNode json) {
        for (String field : NOT_OFFERED) {
            JsonNode value = json.path(field);
            if (!value.isMissingNode() && !value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
                throw refused(field, "unsupported_parameter", field + " is not offered here", "leave it out");
            }
        }
        if (whole(json, "n", 1, 128).orElse(1L) != 1) {
            throw refused("n", "unsupported_parameter", "n must be 1", "send one request for each answer");
        }
        if (flag(json, "logprobs")) {
            throw refused("logprobs", "unsupported_parameter", "logprobs are not offered here", "leave it out");
        }
        for (String field : List.of("presence_penalty", "frequency_penalty")) {
            if (real(json, field, 0, -2, 2) != 0) {
                throw refused(field, "unsupported_parameter", field + " must be 0", "leave it out");
            }
        }
        JsonNode format = json.path("response_format").path("type");
        if (!format.isMissingNode() && !format.asText().equals("text")) {
            throw refused("response_format", "unsupported_parameter", "only text is offered here", "leave it out");
        }
    }

    private static String model(JsonNode json) {
        JsonNode model = json.path("model");
        if (!model.isTextual() || model.asText().isEmpty()) {
            throw refused("model", "invalid_type", "model must be a text", "name a tenant such as acme, or base");
        }
        return model.asText();
    }

    private static Prompt prompt(JsonNode json) {
        JsonNode array = json.path("messages");
        if (!array.isArray()) {
            throw refused(
                    "messages",
                    "invalid_type",
                    "messages must be an array",
                    "send [{\"role\":\"user\",\"content\":\"…\"}]");
        }
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) messages.add(message("messages[" + i + "]", array.get(i)));
        try {
            return new Prompt(messages);
        } catch (IllegalArgumentException e) {
            throw refused("messages", "invalid_value", message(e), "end with a user message and drop the oldest turns");
        }
    }

    private static Message message(String at, JsonNode json) {
        Message.Role role = switch (json.path("role").asText()) {
            case "system", "developer" -> Message.Role.SYSTEM;
            case "user" -> Message.Role.USER;
            case "assistant" -> Message.Role.ASSISTANT;
            default ->
                throw refused(
                        at + ".role",
                        "invalid_value",
                        at + ".role must be system, user or assistant",
                        "send one of the three");
        };
        String content = content(at + ".content", json.path("content"));
        if (content.isBlank())
            throw refused(at + ".content", "invalid_value", at + ".content must not be empty", "drop the turn");
        return new Message(role, content);
    }

    /// A text, or OpenAI's array of parts as long as all are text.
    private static String content(String at, JsonNode json) {
        if (json.isTextual()) return json.asText();
        if (!json.isArray()) throw refused(at, "invalid_type", at + " must be a text", "send a text");
        StringBuilder text = new StringBuilder();
        for (JsonNode part : json) {
            if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
                throw refused(at, "unsupported_content", at + " must have parts of type text only", "send text only");
            }
            text.append(part.path("text").asText());
        }
        return text.toString();
    }

    private static Optional<Long> limit(JsonNode json) {
        Optional<Long> newer = whole(json, "max_completion_tokens", 1, TOKENS_MAX);
        return newer.isPresent() ? newer : whole(json, "max_tokens", 1, TOKENS_MAX);
    }

    private static List<String> stops(JsonNode json) {
        JsonNode stop = json.path("stop");
        if (stop.isMissingNode() || stop.isNull()) return List.of();
        List<String> stops = new ArrayList<>();
        if (stop.isTextual()) stops.add(stop.asText());
        else stop.forEach(entry -> stops.add(entry.isTextual() ? entry.asText() : ""));
        boolean good = (stop.isTextual() || stop.isArray())
                && stops.size() <= GenerationRequest.STOPS_MAX
                && stops.stream().noneMatch(String::isEmpty);
        if (!good) {
            throw refused(
                    "stop",
                    "invalid_value",
                    "stop must be a text, or at most " + GenerationRequest.STOPS_MAX + " texts, none of them empty",
                    "send fewer, or none");
        }
        return stops;
    }

    private static boolean flag(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) return false;
        if (!value.isBoolean())
            throw refused(field, "invalid_type", field + " must be true or false", "send true or false");
        return value.asBoolean();
    }

    private static Optional<Long> whole(JsonNode json, String field, long min, long max) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) return Optional.empty();
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < min || value.asLong() > max) {
            throw outside(field, "a whole number", min, max, value);
        }
        return Optional.of(value.asLong());
    }

    private static double real(JsonNode json, String field, double otherwise, double min, double max) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) return otherwise;
        double number = value.asDouble();
        if (!value.isNumber() || !(number >= min && number <= max)) throw outside(field, "a number", min, max, value);
        return number;
    }

    private static RefusedRequest outside(String field, String kind, Object min, Object max, JsonNode value) {
        String shown = value.isContainerNode()
                ? value.getNodeType().toString().toLowerCase(java.util.Locale.ROOT)
                : shortened(value.toString());
        return refused(
                field,
                "invalid_value",
                field + " must be " + kind + " in [" + min + ", " + max + "], was " + shown,
                "send a value in that range, or leave it out");
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private static String message(IllegalArgumentException e) {
        return Optional.ofNullable(e.getMessage()).orElse("the messages are not a conversation");
    }

    private static RefusedRequest refused(String param, String code, String message, String nextStep) {
        return new RefusedRequest(ChatProblem.invalid(param, code, message, nextStep));
    }
}
