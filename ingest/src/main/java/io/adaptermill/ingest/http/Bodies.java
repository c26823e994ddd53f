package io.adaptermill.ingest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/// The bodies that are taken, each as the submissions in it. What cannot be read stands in the list as a
/// refusal, so that every event of a batch has its own answer.
final class Bodies {
    static final String JSON = "application/json";
    static final String CLOUD_EVENT = "application/cloudevents+json";
    static final String CLOUD_EVENTS = "application/cloudevents-batch+json";
    static final String NDJSON = "application/x-ndjson";

    private static final String ATTRIBUTE_PREFIX = "ce-";

    private Bodies() {}

    /// A submission, or why there is none.
    sealed interface Part {
        record Readable(Submission submission) implements Part {}

        record Broken(Rejected rejected) implements Part {}
    }

    /// The media type alone, without parameters.
    static String mediaType(Optional<String> contentType) {
        String type = contentType.orElse("");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /// @param headers of the request, names in lower case
    static Part single(String mediaType, Map<String, String> headers, byte[] body) {
        Map<String, String> attributes = attributes(headers);
        if (mediaType.equals(JSON) && !attributes.isEmpty()) {
            return new Part.Readable(new Submission(attributes, body));
        }
        return parsed(body, node -> mediaType.equals(CLOUD_EVENT) ? structured(node) : plain(node));
    }

    static List<Part> lines(byte[] body) {
        List<Part> parts = new ArrayList<>();
        for (byte[] line : split(body)) {
            parts.add(parsed(line, node -> node.has("specversion") ? structured(node) : plain(node)));
        }
        return List.copyOf(parts);
    }

    /// @return a single broken part if the body as a whole is no array
    static List<Part> cloudEvents(byte[] body) {
        JsonNode array;
        try {
            array = FeedbackReader.json(body);
        } catch (IOException e) {
            return List.of(new Part.Broken(malformed(e)));
        }
        if (!array.isArray()) {
            return List.of(new Part.Broken(
                    Rejected.because(Problem.MALFORMED, "the body must be a JSON array of CloudEvents")));
        }
        return StreamSupport.stream(array.spliterator(), false)
                .map(Bodies::structured)
                .toList();
    }

    private static Part structured(JsonNode node) {
        return FeedbackReader.structured(node)
                .<Part>map(Part.Readable::new)
                .orElseGet(() -> new Part.Broken(
                        Rejected.because(Problem.MALFORMED, "a CloudEvent must be a JSON object with data")));
    }

    private static Part plain(JsonNode node) {
        return FeedbackReader.plain(node, UUID.randomUUID().toString());
    }

    private static Part parsed(byte[] json, Function<JsonNode, Part> reader) {
        try {
            return reader.apply(FeedbackReader.json(json));
        } catch (IOException e) {
            return new Part.Broken(malformed(e));
        }
    }

    /// The parser's own words quote the sender, so only the place is told.
    private static Rejected malformed(IOException e) {
        String where = e instanceof JsonProcessingException json && json.getLocation() != null
                ? "; it is broken at line " + json.getLocation().getLineNr() + ", column "
                        + json.getLocation().getColumnNr()
                : "";
        return Rejected.because(Problem.MALFORMED, "the body must be JSON in UTF-8" + where);
    }

    /// CloudEvents' HTTP binding writes attributes as percent-encoded headers.
    private static Map<String, String> attributes(Map<String, String> headers) {
        Map<String, String> attributes = new HashMap<>();
        headers.forEach((name, value) -> {
            if (name.startsWith(ATTRIBUTE_PREFIX)) {
                attributes.put(name.substring(ATTRIBUTE_PREFIX.length()), decoded(value));
            }
        });
        return attributes;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    /// Lines that are not blank, as bytes: a broken character must break its own line only.
    private static List<byte[]> split(byte[] body) {
        List<byte[]> lines = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (byte b : body) {
            if (b == '\n') {
                add(lines, line);
            } else {
                line.write(b);
            }
        }
        add(lines, line);
        return lines;
    }

    private static void add(List<byte[]> lines, ByteArrayOutputStream line) {
        byte[] bytes = line.toByteArray();
        line.reset();
        for (byte b : bytes) {
            if (b > ' ' || b < 0) {
                lines.add(bytes);
                return;
            }
        }
    }
}
