package io.adaptermill.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.adaptermill.schemas.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Requests that must not be taken, each with the problem that its sender is told.
///
/// @param headers beside the API key, or in its place
record MalformedHttp(String name, Map<String, String> headers, byte[] body, int status, String code) {
    private static final String GOOD = "{\"kind\": \"demonstration\", \"prompt\": \"q\", \"response\": \"a\"}";
    private static final List<String> WRONG = List.of("null", "7", "true", "[1]", "{\"a\": 1}", "\"\"");

    @Override
    public String toString() {
        return name;
    }

    static List<MalformedHttp> all() {
        List<MalformedHttp> all = new ArrayList<>();
        all.addAll(brokenJson());
        all.addAll(wrongTypes());
        all.addAll(misspelt());
        all.addAll(impossible());
        all.addAll(tooLarge());
        all.addAll(noText());
        all.addAll(structured());
        all.addAll(binary());
        all.addAll(otherMedia());
        all.addAll(strangers());
        all.addAll(brokenIds());
        for (BrokenFeedback broken : BrokenFeedback.all()) all.add(plain(broken));
        return all;
    }

    private static MalformedHttp plain(BrokenFeedback broken) {
        Map<String, String> headers = Map.of("content-type", "application/json");
        return switch (broken.fault()) {
            case NOT_JSON -> new MalformedHttp(broken.name(), headers, broken.data(), 400, "malformed");
            case NOT_AS_AGREED -> new MalformedHttp(broken.name(), headers, broken.data(), 400, "invalid");
            case TOO_LARGE -> new MalformedHttp(broken.name(), headers, broken.data(), 413, "too-large");
        };
    }

    private static List<MalformedHttp> brokenIds() {
        List<MalformedHttp> all = new ArrayList<>();
        for (String id : List.of("7", "true", "[\"zebracake\"]", "{\"zebracake\":1}")) {
            all.add(json("the id " + id, GOOD.replace("{", "{\"id\": " + id + ", "), 400, "invalid"));
        }
        return all;
    }

    private static List<MalformedHttp> brokenJson() {
        List<MalformedHttp> all = new ArrayList<>();
        for (int end = 1; end < GOOD.length(); end += 3) {
            all.add(json("cut after " + end, GOOD.substring(0, end), 400, "malformed"));
        }
        for (String broken :
                List.of("{'kind': 'rating'}", "{\"kind\": NaN}", GOOD + "}", GOOD + GOOD, "{,}", "\u0000")) {
            all.add(json("broken: " + broken, broken, 400, "malformed"));
        }
        all.add(json("twice the field", GOOD.replace("{", "{\"prompt\": \"p\", "), 400, "malformed"));
        all.add(json("deep", "[".repeat(5_000) + "]".repeat(5_000), 400, "malformed"));
        all.add(json("long number", GOOD.replace("\"a\"", "9".repeat(2_000)), 400, "malformed"));
        return all;
    }

    private static List<MalformedHttp> wrongTypes() {
        List<MalformedHttp> all = new ArrayList<>();
        for (String whole : List.of("[]", "7", "null", "\"text\"", "true", "{}")) {
            all.add(json("as a whole: " + whole, whole, 400, "invalid"));
        }
        for (String wrong : WRONG) {
            all.add(json("kind " + wrong, GOOD.replace("\"demonstration\"", wrong), 400, "invalid"));
            all.add(json("response " + wrong, GOOD.replace("\"a\"", wrong), 400, "invalid"));
            all.add(json("prompt " + wrong, GOOD.replace("\"q\"", wrong), 400, "invalid"));
            all.add(json("role " + wrong, messages("{\"role\": " + wrong + ", \"content\": \"c\"}"), 400, "invalid"));
            all.add(json(
                    "content " + wrong, messages("{\"role\": \"user\", \"content\": " + wrong + "}"), 400, "invalid"));
        }
        return all;
    }

    private static List<MalformedHttp> misspelt() {
        List<MalformedHttp> all = new ArrayList<>();
        for (String field : List.of("prompt", "response")) {
            String other = field.substring(0, 2) + field.substring(3);
            all.add(json(other, GOOD.replace("\"" + field + "\"", "\"" + other + "\""), 400, "invalid"));
        }
        for (String extra : List.of("tenant", "thumb", "score", "Kind", "chosen", "metadata", "x".repeat(500))) {
            all.add(json("extra " + extra, GOOD.replace("{", "{\"" + extra + "\": 1, "), 400, "invalid"));
        }
        return all;
    }

    private static List<MalformedHttp> impossible() {
        return List.of(
                json("unknown kind", GOOD.replace("demonstration", "demo"), 400, "invalid"),
                json(
                        "same sides",
                        "{\"kind\":\"preference\",\"prompt\":\"q\",\"chosen\":\"a\",\"rejected\":\"a\"}",
                        400,
                        "invalid"),
                json(
                        "two judgements",
                        "{\"kind\":\"rating\",\"inferenceId\":\"i\",\"thumb\":\"up\",\"score\":1}",
                        400,
                        "invalid"),
                json("no judgement", "{\"kind\":\"rating\",\"inferenceId\":\"i\"}", 400, "invalid"),
                json("score 2", "{\"kind\":\"rating\",\"inferenceId\":\"i\",\"score\":2}", 400, "invalid"),
                json("score -1", "{\"kind\":\"rating\",\"inferenceId\":\"i\",\"score\":-0.1}", 400, "invalid"),
                json("sideways", "{\"kind\":\"rating\",\"inferenceId\":\"i\",\"thumb\":\"sideways\"}", 400, "invalid"),
                json(
                        "id and text",
                        "{\"kind\":\"rating\",\"inferenceId\":\"i\",\"prompt\":\"q\",\"response\":\"a\",\"thumb\":\"up\"}",
                        400,
                        "invalid"),
                json("edit of nothing named", "{\"kind\":\"edit\",\"edited\":\"b\"}", 400, "invalid"),
                json("id with a space", GOOD.replace("{", "{\"id\": \"a b\", "), 400, "invalid"),
                json("long id", GOOD.replace("{", "{\"id\": \"" + "i".repeat(129) + "\", "), 400, "invalid"),
                json("empty id", GOOD.replace("{", "{\"id\": \"\", "), 400, "invalid"),
                json("subject with a bell", GOOD.replace("{", "{\"subject\": \"\\u0007\", "), 400, "invalid"),
                json("half a character", GOOD.replace("\"a\"", "\"\\ud83d\""), 400, "invalid"),
                json("ends with the assistant", messages("{\"role\":\"assistant\",\"content\":\"c\"}"), 400, "invalid"),
                json(
                        "65 messages",
                        messages("{\"role\":\"user\",\"content\":\"c\"},".repeat(64)
                                + "{\"role\":\"user\",\"content\":\"c\"}"),
                        400,
                        "invalid"));
    }

    private static List<MalformedHttp> tooLarge() {
        String large = "x".repeat(64 * 1024);
        return List.of(
                json("large response", GOOD.replace("\"a\"", "\"" + large + "\""), 413, "too-large"),
                json("large prompt", GOOD.replace("\"q\"", "\"" + large + "\""), 413, "too-large"),
                json(
                        "large together",
                        GOOD.replace("\"q\"", "\"" + large.substring(9) + "\"").replace("\"a\"", "\"0123456789\""),
                        413,
                        "too-large"),
                json("large body", GOOD + " ".repeat(1 << 20), 413, "too-large"),
                json("larger than the server reads", GOOD + " ".repeat(33 << 20), 413, "too-large"));
    }

    private static List<MalformedHttp> noText() {
        List<MalformedHttp> all = new ArrayList<>();
        for (String bytes :
                List.of("\u00ff", "\u00c3(", "\u00e2\u0082", "\u00f0\u0028\u008c\u00bc", "\u00ed\u00a0\u0080")) {
            byte[] body = GOOD.replace("\"a\"", "\"" + bytes + "\"").getBytes(ISO_8859_1);
            all.add(new MalformedHttp(
                    "no UTF-8 " + all.size(), Map.of("content-type", "application/json"), body, 400, "malformed"));
        }
        return all;
    }

    private static List<MalformedHttp> structured() {
        List<MalformedHttp> all = new ArrayList<>();
        for (String left : List.of("specversion", "id", "source", "type")) {
            all.add(event("without " + left, without(left), isVersion(left) ? "unsupported-version" : "invalid"));
        }
        all.add(event(
                "another version", attributes("type", "io.adaptermill.feedback.received.v2"), "unsupported-version"));
        all.add(event("another type", attributes("type", "com.example.order"), "unsupported-version"));
        all.add(event("another specification", attributes("specversion", "0.3"), "unsupported-version"));
        all.add(event("another time", attributes("time", "yesterday"), "invalid"));
        all.add(event("another tenant", attributes("partitionkey", "somebody-else"), "invalid"));
        for (String body : List.of("{}", "[]", "7", "{\"specversion\": \"1.0\", \"id\": \"x\"}")) {
            all.add(request("event " + body, "application/cloudevents+json", body, 400, "malformed"));
        }
        return all;
    }

    private static MalformedHttp event(String name, Map<String, String> attributes, String code) {
        StringBuilder json = new StringBuilder("{");
        attributes.forEach((key, value) -> json.append("\"%s\": \"%s\", ".formatted(key, value)));
        return request(
                "structured " + name,
                "application/cloudevents+json",
                json.append("\"data\": ").append(GOOD).append("}").toString(),
                400,
                code);
    }

    private static List<MalformedHttp> binary() {
        List<MalformedHttp> all = new ArrayList<>();
        for (String left : List.of("specversion", "id", "source", "type")) {
            all.add(binary("without " + left, without(left), isVersion(left) ? "unsupported-version" : "invalid"));
        }
        all.add(binary(
                "another version", attributes("type", "io.adaptermill.feedback.received.v9"), "unsupported-version"));
        all.add(binary("a spaced id", attributes("id", "a%20b"), "invalid"));
        all.add(binary("another time", attributes("time", "noon"), "invalid"));
        all.add(binary("another tenant", attributes("partitionkey", "somebody-else"), "invalid"));
        return all;
    }

    private static MalformedHttp binary(String name, Map<String, String> attributes, String code) {
        Map<String, String> headers = new HashMap<>(Map.of("content-type", "application/json"));
        attributes.forEach((key, value) -> headers.put("ce-" + key, value));
        return new MalformedHttp("binary " + name, headers, GOOD.getBytes(UTF_8), 400, code);
    }

    private static boolean isVersion(String attribute) {
        return attribute.equals("specversion") || attribute.equals("type");
    }

    private static List<MalformedHttp> otherMedia() {
        List<MalformedHttp> all = new ArrayList<>();
        for (String type : List.of("text/plain", "application/xml", "application/x-ndjson", "image/png")) {
            all.add(request("as " + type, type, GOOD, 415, "unsupported-media-type"));
        }
        return all;
    }

    private static List<MalformedHttp> strangers() {
        List<MalformedHttp> all = new ArrayList<>();
        for (String who : List.of("Bearer nobody", "Bearer ", "Basic YTpi", "harsh", "Bearer key-of-harsh2")) {
            all.add(new MalformedHttp(
                    "as " + who,
                    Map.of("content-type", "application/json", "authorization", who),
                    GOOD.getBytes(UTF_8),
                    401,
                    "unauthenticated"));
        }
        return all;
    }

    private static Map<String, String> attributes(String changed, String value) {
        Map<String, String> attributes = without(changed);
        attributes.put(changed, value);
        return attributes;
    }

    private static Map<String, String> without(String left) {
        Map<String, String> attributes = new HashMap<>(Map.of(
                "specversion", "1.0", "id", "malformed", "source", "/x", "type", Topics.FEEDBACK_RECEIVED.eventType()));
        attributes.remove(left);
        return attributes;
    }

    private static String messages(String messages) {
        return GOOD.replace("\"q\"", "[" + messages + "]");
    }

    private static MalformedHttp json(String name, String body, int status, String code) {
        return request(name, "application/json", body, status, code);
    }

    private static MalformedHttp request(String name, String type, String body, int status, String code) {
        return new MalformedHttp(name, Map.of("content-type", type), body.getBytes(UTF_8), status, code);
    }
}
