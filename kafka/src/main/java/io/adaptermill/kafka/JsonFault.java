package io.adaptermill.kafka;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is wrong with some JSON, in words that repeat none of it: the parser's own messages quote user text.
///
/// @param field the path within the data, such as `data.prompt[0].role`
/// @param rule what the field must be
record JsonFault(String field, String rule) {
    private static final String QUOTED = ", was \"";

    static JsonFault of(@Nullable Throwable cause) {
        return switch (cause) {
            case InvalidTypeIdException e -> new JsonFault(path(e) + ".kind", "must be one of the kinds in the schema");
            case ValueInstantiationException e
            when e.getCause() instanceof IllegalArgumentException broken ->
                new JsonFault(path(e), "is not acceptable: " + unquoted(broken));
            case MismatchedInputException e -> new JsonFault(path(e), expectation(e));
            case JsonMappingException e -> new JsonFault(path(e), "is not acceptable");
            case JsonProcessingException e -> new JsonFault("data", "must be JSON; it is broken at " + where(e));
            case null, default -> new JsonFault("data", "must be JSON");
        };
    }

    /// Our own checks end with the value they refuse; what is quoted there is the sender's.
    private static String unquoted(IllegalArgumentException broken) {
        String message = String.valueOf(broken.getMessage());
        int quoted = message.indexOf(QUOTED);
        return quoted < 0 ? message : message.substring(0, quoted);
    }

    private static String path(JsonMappingException e) {
        return "data"
                + e.getPath().stream()
                        .map(step ->
                                step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                        .collect(Collectors.joining());
    }

    private static String expectation(MismatchedInputException e) {
        String message = e.getOriginalMessage();
        if (message.startsWith("Null value")
                || message.startsWith("Missing")
                || message.startsWith("Cannot map `null`")) {
            return "must be set";
        }
        return "must be of the type in the schema"
                + (e.getTargetType() == null ? "" : ", here " + kind(e.getTargetType()));
    }

    private static String kind(Class<?> type) {
        if (Number.class.isAssignableFrom(type) || (type.isPrimitive() && type != boolean.class)) return "a number";
        if (type == String.class) return "a string";
        if (type == boolean.class || type == Boolean.class) return "true or false";
        return type.getSimpleName();
    }

    private static String where(JacksonException e) {
        return e.getLocation() == null
                ? "an unknown place"
                : "line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }
}
