package io.adaptermill.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Feedback data that no transport may let into a batch, each with the one fault it has.
///
/// Every text in it carries [#SECRET], so that an answer that quotes what a user wrote is found.
///
/// @param name what is wrong, unique
record BrokenFeedback(String name, Fault fault, byte[] data) {
    static final String SECRET = "zebracake";

    private static final int TEXT_BYTES_MAX = 64 * 1024;

    enum Fault {
        /// The bytes are no JSON text in UTF-8.
        NOT_JSON,
        /// The JSON is not as the schema says.
        NOT_AS_AGREED,
        TOO_LARGE
    }

    static final String GOOD =
            "{\"kind\":\"demonstration\",\"prompt\":\"a zebracake?\",\"response\":\"the zebracake.\"}";

    static List<BrokenFeedback> all() {
        List<BrokenFeedback> all = new ArrayList<>();
        all.addAll(notJson());
        all.addAll(notUtf8());
        all.addAll(wrongWhole());
        all.addAll(wrongPrompts());
        all.addAll(wrongFields());
        all.addAll(tooLarge());
        return List.copyOf(all);
    }

    private static List<BrokenFeedback> notJson() {
        return List.of(
                notJson("nothing", ""),
                notJson("only spaces", "  \t "),
                notJson("a bare word", SECRET),
                notJson("an open brace", "{"),
                notJson("cut in the middle of a text", GOOD.substring(0, 45)),
                notJson("cut before the last brace", GOOD.substring(0, GOOD.length() - 1)),
                notJson("two documents", GOOD + " " + GOOD),
                notJson("a trailing comma", GOOD.replace("\"}", "\",}")),
                notJson("single quotes", GOOD.replace('"', '\'')),
                notJson("names without quotes", GOOD.replace("\"kind\"", "kind")),
                notJson("a comment", GOOD.replace("{", "{/* zebracake */")),
                notJson("a repeated field", GOOD.replace("{", "{\"prompt\":\"zebracake\",")),
                notJson("a raw line feed in a text", GOOD.replace("zebracake?", "zebra\ncake?")),
                notJson("an unknown escape", GOOD.replace("zebracake?", "\\x41")),
                notJson("half an escape", GOOD.replace("zebracake?", "\\u00")),
                notJson("nested without end", "[".repeat(5_000)),
                notJson("nested too deeply", GOOD.replace("\"a zebracake?\"", "[".repeat(2_000) + "]".repeat(2_000))),
                notJson("not a number", rating("\"score\":NaN")),
                notJson("a number with a leading zero", rating("\"score\":00.5")),
                notJson("a number of 2,000 digits", rating("\"score\":0." + "5".repeat(2_000))));
    }

    private static List<BrokenFeedback> notUtf8() {
        return List.of(
                bytes("a stray continuation byte", 0x80),
                bytes("an overlong slash", 0xc0, 0xaf),
                bytes("an overlong zero", 0xe0, 0x80, 0x80),
                bytes("a euro sign cut short", 0xe2, 0x82),
                bytes("half a surrogate pair as bytes", 0xed, 0xa0, 0x80),
                bytes("a character beyond Unicode", 0xf5, 0x80, 0x80, 0x80),
                bytes("a byte that is never used", 0xff),
                encoded("Latin-1", GOOD.replace("cake?", "café?"), ISO_8859_1),
                encoded("UTF-16", GOOD, UTF_16LE),
                encoded("UTF-32", GOOD, Charset.forName("UTF-32BE")));
    }

    private static List<BrokenFeedback> wrongWhole() {
        return List.of(
                wrong("null", "null"),
                wrong("a number", "42"),
                wrong("a text", "\"zebracake\""),
                wrong("an array", "[" + GOOD + "]"),
                wrong("no fields", "{}"),
                wrong("no kind", GOOD.replace("\"kind\":\"demonstration\",", "")),
                wrong("a kind that is null", GOOD.replace("\"demonstration\"", "null")),
                wrong("a kind that is a number", GOOD.replace("\"demonstration\"", "1")),
                wrong("an unknown kind", GOOD.replace("demonstration", "zebracake")),
                wrong("a kind in capitals", GOOD.replace("demonstration", "DEMONSTRATION")),
                wrong("a misspelt field", GOOD.replace("\"prompt\"", "\"promt\"")),
                wrong("a field too many", GOOD.replace("{", "{\"note\":\"zebracake\",")),
                wrong("another kind's field", GOOD.replace("{", "{\"thumb\":\"up\",")));
    }

    private static List<BrokenFeedback> wrongPrompts() {
        String user = "{\"role\":\"user\",\"content\":\"zebracake\"}";
        return List.of(
                prompt("a number", "5"),
                prompt("null", "null"),
                prompt("an object", user),
                prompt("empty", "\"\""),
                prompt("blank", "\" \\n \""),
                prompt("half a surrogate pair", "\"zebracake \\ud800\""),
                prompt("without messages", "[]"),
                prompt("with a text for a message", "[\"zebracake\"]"),
                prompt("without a role", "[{\"content\":\"zebracake\"}]"),
                prompt("without content", "[{\"role\":\"user\"}]"),
                prompt("with an unknown role", "[{\"role\":\"zebracake\",\"content\":\"zebracake\"}]"),
                prompt("with a number for a role", "[{\"role\":1,\"content\":\"zebracake\"}]"),
                prompt("with a list for content", "[{\"role\":\"user\",\"content\":[\"zebracake\"]}]"),
                prompt("that ends with the assistant", "[" + user + "," + user.replace("user", "assistant") + "]"),
                prompt(
                        "of 65 messages",
                        IntStream.range(0, 65).mapToObj(_ -> user).collect(Collectors.joining(",", "[", "]"))));
    }

    private static List<BrokenFeedback> wrongFields() {
        String preference = "{\"kind\":\"preference\",\"prompt\":\"zebracake\",\"chosen\":%s,\"rejected\":%s}";
        return List.of(
                wrong("a response missing", GOOD.replace(",\"response\":\"the zebracake.\"", "")),
                wrong("a response that is a number", GOOD.replace("\"the zebracake.\"", "7")),
                wrong("an empty response", GOOD.replace("the zebracake.", "")),
                wrong("a preference for the same", preference.formatted("\"zebracake\"", "\"zebracake\"")),
                wrong("a preference over nothing", preference.formatted("\"zebracake\"", "null")),
                wrong("an edit without its outcome", rating("\"x\":1").replace("rating", "edit")),
                wrong("a rating of nothing", "{\"kind\":\"rating\",\"thumb\":\"up\"}"),
                wrong("a rating without a judgement", rating("").replace(",}", "}")),
                wrong("a rating with two judgements", rating("\"thumb\":\"up\",\"score\":1")),
                wrong("a thumb sideways", rating("\"thumb\":\"zebracake\"")),
                wrong("a thumb that is true", rating("\"thumb\":true")),
                wrong("a score below 0", rating("\"score\":-0.1")),
                wrong("a score above 1", rating("\"score\":1.1")),
                wrong("a score without measure", rating("\"score\":1e400")),
                wrong("a score in quotes", rating("\"score\":\"0.5\"")),
                wrong("an id and a text", rating("\"thumb\":\"up\",\"inferenceId\":\"i-1\"")),
                wrong(
                        "an inference id with a space",
                        "{\"kind\":\"rating\",\"inferenceId\":\"zebracake 1\",\"thumb\":\"up\"}"),
                wrong("a subject that is a number", subject("7")),
                wrong("a subject with a control character", subject("\"zebracake\\u0007\"")),
                wrong("a subject of 257 characters", subject('"' + "z".repeat(257) + '"')));
    }

    private static List<BrokenFeedback> tooLarge() {
        String full = "x".repeat(TEXT_BYTES_MAX);
        return List.of(
                large("one byte too many", full.substring("a zebracake?".length() + "the zebracake.".length() - 1)),
                large("wide characters", "\u20ac".repeat(TEXT_BYTES_MAX / 3)),
                large("escaped characters", "\\u20ac".repeat(TEXT_BYTES_MAX / 3)),
                large("eight times too much", full.repeat(8)));
    }

    private static BrokenFeedback notJson(String name, String data) {
        return new BrokenFeedback(name, Fault.NOT_JSON, data.getBytes(UTF_8));
    }

    private static BrokenFeedback bytes(String name, int... broken) {
        String bytes =
                IntStream.of(broken).mapToObj(b -> String.valueOf((char) b)).collect(Collectors.joining());
        return encoded(name, GOOD.replace("cake?", bytes), ISO_8859_1);
    }

    private static BrokenFeedback encoded(String name, String data, Charset charset) {
        return new BrokenFeedback(name, Fault.NOT_JSON, data.getBytes(charset));
    }

    private static BrokenFeedback wrong(String name, String data) {
        return new BrokenFeedback(name, Fault.NOT_AS_AGREED, data.getBytes(UTF_8));
    }

    private static BrokenFeedback prompt(String name, String prompt) {
        return wrong("a prompt " + name, GOOD.replace("\"a zebracake?\"", prompt));
    }

    private static BrokenFeedback large(String name, String more) {
        return new BrokenFeedback(
                "too large: " + name,
                Fault.TOO_LARGE,
                GOOD.replace("cake?", "cake?" + more).getBytes(UTF_8));
    }

    private static String rating(String judgement) {
        return "{\"kind\":\"rating\",\"prompt\":\"zebracake\",\"response\":\"zebracake\"," + judgement + "}";
    }

    private static String subject(String subject) {
        return GOOD.replace("{", "{\"subject\":" + subject + ",");
    }
}
