package io.adaptermill.schemas.feedback;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.IOException;
import java.util.List;

/// Reads a prompt from a string (one user message) or an array of messages.
final class PromptReader extends StdDeserializer<Prompt> {
    private static final long serialVersionUID = 1L;
    private static final TypeReference<List<Message>> MESSAGES = new TypeReference<>() {};

    PromptReader() {
        super(Prompt.class);
    }

    @Override
    public Prompt deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        try {
            return parser.currentToken() == JsonToken.VALUE_STRING
                    ? Prompt.ofUser(parser.getText())
                    : new Prompt(
                            context.readValue(parser, context.getTypeFactory().constructType(MESSAGES)));
        } catch (IllegalArgumentException e) {
            throw ValueInstantiationException.from(parser, e.getMessage(), context.constructType(Prompt.class), e);
        }
    }
}
