package io.adaptermill.lora.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.lora.text.ChatTemplate;
import io.adaptermill.lora.text.TextCodec;
import io.adaptermill.lora.text.TokenizerParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads a folder's tokenizer and chat template.
final class HuggingFaceText {
    private static final long TOKENIZER_BYTES_MAX = 128 << 20;
    private static final long TEMPLATE_BYTES_MAX = 1 << 20;
    private static final String NEXT = "download the model's folder again";

    private static final ObjectMapper JSON = new ObjectMapper();

    private HuggingFaceText() {}

    static TextCodec read(Path folder) {
        Path path = folder.resolve("tokenizer.json");
        JsonFile tokenizer = JsonFile.read(path, TOKENIZER_BYTES_MAX);
        Map<String, Integer> control = new HashMap<>();
        for (JsonNode token : tokenizer.root().path("added_tokens")) {
            if (token.path("special").asBoolean()) {
                control.put(token.path("content").asText(), token.path("id").asInt());
            }
        }
        try {
            ChatTemplate template = ChatTemplate.of(template(folder));
            byte[] json = withoutControlTokens(tokenizer.root());
            return new TextCodec(new TokenizerParts(json, control, template, stops(folder, control, template)));
        } catch (MalformedFile e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MalformedFile(folder, String.valueOf(e.getMessage()), NEXT);
        } catch (IOException e) {
            throw new MalformedFile(path, "cannot be read: " + e.getMessage(), NEXT);
        }
    }

    private static byte[] withoutControlTokens(JsonNode tokenizer) throws IOException {
        ObjectNode plain = ((ObjectNode) tokenizer).objectNode();
        plain.setAll((ObjectNode) tokenizer);
        ArrayNode kept = plain.putArray("added_tokens");
        for (JsonNode token : tokenizer.path("added_tokens")) {
            if (!token.path("special").asBoolean()) kept.add(token);
        }
        plain.putNull("post_processor");
        return JSON.writeValueAsBytes(plain);
    }

    /// Newer folders keep the template in a file of its own.
    private static String template(Path folder) throws IOException {
        Path own = folder.resolve("chat_template.jinja");
        if (Files.isRegularFile(own) && Files.size(own) <= TEMPLATE_BYTES_MAX) return Files.readString(own);
        Path config = folder.resolve("tokenizer_config.json");
        JsonNode template = JsonFile.find(config, HuggingFaceFolder.CONFIG_BYTES_MAX)
                .map(file -> file.root().path("chat_template"))
                .filter(JsonNode::isTextual)
                .orElseThrow(
                        () -> new MalformedFile(config, "the model has no chat_template", "use an instruct model"));
        return template.textValue();
    }

    private static Set<Integer> stops(Path folder, Map<String, Integer> control, ChatTemplate template) {
        Set<Integer> stops = new HashSet<>();
        Optional.ofNullable(control.get(template.frame().end())).ifPresent(stops::add);
        for (String name : new String[] {"generation_config.json", "config.json"}) {
            JsonFile.find(folder.resolve(name), HuggingFaceFolder.CONFIG_BYTES_MAX)
                    .ifPresent(file -> addStops(file.root().path("eos_token_id"), stops));
        }
        return stops;
    }

    private static void addStops(JsonNode eos, Set<Integer> stops) {
        if (eos.isInt()) stops.add(eos.intValue());
        for (JsonNode each : eos) {
            if (each.isInt()) stops.add(each.intValue());
        }
    }
}
