package io.adaptermill.artifacts.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A parsed header: every tensor's place, proved to cover the data exactly once.
///
/// @param metadata what `__metadata__` holds
/// @param tensors by name, sorted
record SafetensorsHeader(SortedMap<String, String> metadata, SortedMap<String, TensorEntry> tensors) {
    static final int DEPTH_MAX = 4;
    static final int TENSORS_MAX = 100_000;
    static final int AXES_MAX = 8;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNameLength(1024)
                    .maxStringLength(1 << 20)
                    .maxNumberLength(20)
                    .build())
            .build();

    SafetensorsHeader {
        metadata = Collections.unmodifiableSortedMap(metadata);
        tensors = Collections.unmodifiableSortedMap(tensors);
    }

    /// @param json the header's text
    /// @param dataBytes size of what follows it in the file
    /// @throws Contradiction saying which entry breaks which rule
    static SafetensorsHeader parse(String json, long dataBytes) throws Contradiction {
        SortedMap<String, String> metadata = new TreeMap<>();
        SortedMap<String, TensorEntry> tensors = new TreeMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (name == null) throw new Contradiction("the header ends inside an object");
                if (name.equals("__metadata__")) readMetadata(parser, metadata);
                else tensors.put(name, readEntry(parser, name));
                if (tensors.size() > TENSORS_MAX) throw new Contradiction("more than " + TENSORS_MAX + " tensors");
            }
            if (parser.nextToken() != null) throw new Contradiction("text after the header's object");
        } catch (IOException e) {
            throw new Contradiction("the header is not the JSON it must be: " + firstLine(e));
        }
        requireExactCover(tensors, dataBytes);
        return new SafetensorsHeader(metadata, tensors);
    }

    private static void readMetadata(JsonParser parser, Map<String, String> metadata)
            throws IOException, Contradiction {
        expect(parser, parser.nextToken(), JsonToken.START_OBJECT);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            expect(parser, parser.nextToken(), JsonToken.VALUE_STRING);
            metadata.put(key, parser.getText());
        }
    }

    private static TensorEntry readEntry(JsonParser parser, String name) throws IOException, Contradiction {
        expect(parser, parser.nextToken(), JsonToken.START_OBJECT);
        Dtype dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = String.valueOf(parser.currentName());
            switch (key) {
                case "dtype" -> dtype = readDtype(parser, name);
                case "shape" -> shape = readNumbers(parser, name);
                case "data_offsets" -> offsets = readNumbers(parser, name);
                default -> throw new Contradiction("tensor " + name + " has the unknown field " + key);
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
            throw new Contradiction("tensor " + name + " must have dtype, shape and two data_offsets");
        }
        TensorEntry entry = new TensorEntry(dtype, shape, offsets.getFirst(), offsets.getLast());
        requireSize(name, entry);
        return entry;
    }

    private static Dtype readDtype(JsonParser parser, String name) throws IOException, Contradiction {
        expect(parser, parser.nextToken(), JsonToken.VALUE_STRING);
        String text = parser.getText();
        for (Dtype dtype : Dtype.values()) {
            if (dtype.name().equals(text)) return dtype;
        }
        throw new Contradiction("tensor " + name + " has dtype " + text + ", known are F32, F16 and BF16");
    }

    private static List<Long> readNumbers(JsonParser parser, String name) throws IOException, Contradiction {
        expect(parser, parser.nextToken(), JsonToken.START_ARRAY);
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser, parser.currentToken(), JsonToken.VALUE_NUMBER_INT);
            long number = parser.getLongValue();
            if (number < 0) throw new Contradiction("tensor " + name + " has the negative number " + number);
            if (numbers.size() == AXES_MAX) throw new Contradiction("tensor " + name + " has more than 8 axes");
            numbers.add(number);
        }
        return numbers;
    }

    private static void requireSize(String name, TensorEntry entry) throws Contradiction {
        try {
            long bytes = entry.dtype().sizeBytes();
            for (long extent : entry.shape()) bytes = Math.multiplyExact(bytes, extent);
            if (bytes == 0) throw new Contradiction("tensor " + name + " is empty, shape " + entry.shape());
            if (bytes != Math.subtractExact(entry.to(), entry.from())) {
                throw new Contradiction("tensor %s of shape %s needs %d bytes, its offsets say %d to %d"
                        .formatted(name, entry.shape(), bytes, entry.from(), entry.to()));
            }
        } catch (ArithmeticException e) {
            throw new Contradiction("tensor " + name + " of shape " + entry.shape() + " is larger than 2^63 bytes");
        }
    }

    private static void requireExactCover(Map<String, TensorEntry> tensors, long dataBytes) throws Contradiction {
        List<Map.Entry<String, TensorEntry>> byOffset = new ArrayList<>(tensors.entrySet());
        byOffset.sort(Comparator.comparingLong(entry -> entry.getValue().from()));
        long end = 0;
        for (Map.Entry<String, TensorEntry> entry : byOffset) {
            long from = entry.getValue().from();
            if (from != end) {
                throw new Contradiction("tensor %s starts at %d where %d was expected (%s)"
                        .formatted(entry.getKey(), from, end, from < end ? "an overlap" : "a hole"));
            }
            end = entry.getValue().to();
        }
        if (end != dataBytes) {
            throw new Contradiction("the tensors end at %d, the file has %d bytes of data".formatted(end, dataBytes));
        }
    }

    private static void expect(JsonParser parser, JsonToken actual, JsonToken expected)
            throws IOException, Contradiction {
        if (actual != expected) {
            throw new Contradiction("%s expected at %s, was %s"
                    .formatted(expected, parser.currentLocation().getCharOffset(), actual));
        }
    }

    private static String firstLine(IOException e) {
        String message = String.valueOf(e.getMessage());
        String line = message.lines().findFirst().orElse("");
        return line.substring(0, Math.min(line.length(), 200));
    }

    /// A rule of the format that the header breaks.
    static final class Contradiction extends Exception {
        private static final long serialVersionUID = 1;

        Contradiction(String message) {
            super(message);
        }
    }
}
