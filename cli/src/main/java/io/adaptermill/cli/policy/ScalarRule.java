package io.adaptermill.cli.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a scalar means where the schema expects a number, a truth value or a text.
final class ScalarRule {
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,18}");
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]{1,20}(\\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?");

    private ScalarRule() {}

    /// Either is there.
    record Read(Optional<JsonNode> value, Optional<String> problem) {}

    static Read read(YamlNode node, Shape shape) {
        if (!(node instanceof YamlNode.Scalar(var at, String text, boolean quoted))) return wrong(node, shape, "");
        return switch (shape.schema().path("type").asText()) {
            case "boolean" ->
                !quoted && (text.equals("true") || text.equals("false"))
                        ? right(BooleanNode.valueOf(text.equals("true")))
                        : wrong(node, shape, "");
            case "integer" ->
                !quoted && WHOLE.matcher(text).matches() ? number(node, text, shape) : wrong(node, shape, "");
            case "number" ->
                !quoted && NUMBER.matcher(text).matches() ? number(node, text, shape) : wrong(node, shape, "");
            default -> text(node, text, shape);
        };
    }

    private static Read number(YamlNode node, String text, Shape shape) {
        BigDecimal value = new BigDecimal(text);
        JsonNode min = shape.schema().path("minimum");
        JsonNode max = shape.schema().path("maximum");
        boolean low = !min.isMissingNode() && value.compareTo(min.decimalValue()) < 0;
        boolean high = !max.isMissingNode() && value.compareTo(max.decimalValue()) > 0;
        if (low || high) return wrong(node, shape, "");
        if (!WHOLE.matcher(text).matches()) return right(DecimalNode.valueOf(value));
        long whole = value.longValueExact();
        return right(whole == (int) whole ? IntNode.valueOf((int) whole) : LongNode.valueOf(whole));
    }

    private static Read text(YamlNode node, String text, Shape shape) {
        JsonNode schema = shape.schema();
        if (schema.has("enum")) {
            List<String> words = Shape.texts(schema.path("enum"));
            return words.contains(text)
                    ? right(TextNode.valueOf(text))
                    : wrong(node, shape, Spelling.hint(text, words));
        }
        boolean fits = schema.path("pattern").isMissingNode() || finds(schema.path("pattern"), text);
        boolean barred =
                schema.path("not").has("pattern") && finds(schema.path("not").path("pattern"), text);
        return fits && !barred ? right(TextNode.valueOf(text)) : wrong(node, shape, "");
    }

    private static boolean finds(JsonNode pattern, String text) {
        return Pattern.compile(pattern.asText()).matcher(text).find();
    }

    private static Read right(JsonNode value) {
        return new Read(Optional.of(value), Optional.empty());
    }

    private static Read wrong(YamlNode node, Shape shape, String hint) {
        String what = "must be " + shape.allowed() + ", was " + node.described() + hint;
        String why = shape.description();
        return new Read(Optional.empty(), Optional.of(why.isEmpty() ? what : what + " (" + why + ")"));
    }
}
