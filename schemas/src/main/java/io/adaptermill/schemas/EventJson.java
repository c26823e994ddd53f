package io.adaptermill.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeIdResolver;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.adaptermill.schemas.feedback.Feedback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// How events look as JSON: absent values left out, fields in the record's order, times and durations in ISO 8601.
///
/// The same event always gives the same bytes. Types are read as the schemas state them: a number is not a text, 1.5 is
/// not a count, a field stands once. Unknown fields are ignored, so that a newer producer can add some, except in
/// feedback, which strangers write: there a misspelt optional field would silently lose what the user said.
public final class EventJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    text -> text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(
                    DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addHandler(new UnknownInFeedback())
            .build();

    private EventJson() {}

    /// Names the field or kind instead of dropping it.
    private static final class UnknownInFeedback extends DeserializationProblemHandler {
        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                JsonDeserializer<?> deserializer,
                Object beanOrClass,
                String field)
                throws IOException {
            if (beanOrClass instanceof Feedback feedback) {
                context.reportPropertyInputMismatch(
                        feedback.getClass(),
                        field,
                        "%s has no field \"%s\"",
                        feedback.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                        Checks.shortened(field));
            }
            return false;
        }

        @Override
        public JavaType handleUnknownTypeId(
                DeserializationContext context, JavaType base, String kind, TypeIdResolver resolver, String failure)
                throws IOException {
            throw new InvalidTypeIdException(
                    context.getParser(),
                    "kind must be one of " + resolver.getDescForKnownTypeIds() + ", was \"" + Checks.shortened(kind)
                            + "\"",
                    base,
                    kind);
        }
    }

    /// A mapper of one's own to configure further; the shared one cannot be changed by it.
    public static JsonMapper mapper() {
        return MAPPER.copy();
    }

    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a " + value.getClass().getSimpleName() + " must be writable as JSON", e);
        }
    }

    /// @throws UncheckedIOException if the bytes are not such an event; the message names the field
    public static <T> T read(byte[] json, Class<T> type) {
        try (JsonParser parser = MAPPER.createParser(utf8(json))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw MismatchedInputException.from(parser, type, "an event must be a JSON object");
            }
            return MAPPER.readValue(parser, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// By itself the parser guesses at other encodings, and takes characters spelled in more bytes than they need.
    private static String utf8(byte[] json) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
    }
}
