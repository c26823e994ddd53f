package io.adaptermill.lora.gguf;

import io.adaptermill.artifacts.MalformedFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a GGUF file says about itself, by key.
public final class GgufMetadata {
    private static final int ARRAY_MAX = 16 << 20;

    private final Path file;
    private final Map<String, GgufValue> values = new HashMap<>();

    private GgufMetadata(Path file) {
        this.file = file;
    }

    static GgufMetadata read(Path file, GgufCursor cursor, long count) {
        GgufMetadata metadata = new GgufMetadata(file);
        for (long i = 0; i < count; i++) {
            long start = cursor.position();
            String key = cursor.readText();
            GgufValue value = readValue(cursor, cursor.readInt());
            if (metadata.values.put(key, value) != null) {
                throw cursor.malformed(start, "the key " + key + " stands twice");
            }
        }
        return metadata;
    }

    /// @throws MalformedFile if the key is absent or no string
    public String text(String key) {
        return findText(key).orElseThrow(() -> missing(key, "a string"));
    }

    public Optional<String> findText(String key) {
        return switch (values.get(key)) {
            case GgufValue.Text text -> Optional.of(text.value());
            case null -> Optional.empty();
            default -> throw missing(key, "a string");
        };
    }

    /// @throws MalformedFile if the key is absent, no integer, or no positive `int`
    public int positive(String key) {
        return findPositive(key).orElseThrow(() -> missing(key, "a positive integer"));
    }

    public Optional<Integer> findPositive(String key) {
        return switch (values.get(key)) {
            case GgufValue.Whole whole
            when whole.value() > 0 && whole.value() <= Integer.MAX_VALUE -> Optional.of((int) whole.value());
            case null -> Optional.empty();
            default -> throw missing(key, "a positive integer");
        };
    }

    public Optional<Integer> findIndex(String key) {
        return switch (values.get(key)) {
            case GgufValue.Whole whole
            when whole.value() >= 0 && whole.value() <= Integer.MAX_VALUE -> Optional.of((int) whole.value());
            case null -> Optional.empty();
            default -> throw missing(key, "an index");
        };
    }

    public Optional<Double> findReal(String key) {
        return switch (values.get(key)) {
            case GgufValue.Real real -> Optional.of(real.value());
            case GgufValue.Whole whole -> Optional.of((double) whole.value());
            case null -> Optional.empty();
            default -> throw missing(key, "a number");
        };
    }

    public boolean flag(String key, boolean otherwise) {
        return switch (values.get(key)) {
            case GgufValue.Flag flag -> flag.value();
            case null -> otherwise;
            default -> throw missing(key, "a boolean");
        };
    }

    public List<String> texts(String key) {
        if (values.get(key) instanceof GgufValue.Texts texts) return texts.values();
        throw missing(key, "an array of strings");
    }

    public int[] wholes(String key) {
        if (values.get(key) instanceof GgufValue.Wholes wholes)
            return wholes.values().clone();
        throw missing(key, "an array of integers");
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    private MalformedFile missing(String key, String expected) {
        String problem = "the metadata key %s must be %s, was %s"
                .formatted(key, expected, values.containsKey(key) ? describe(values.get(key)) : "absent");
        return new MalformedFile(file, problem, GgufCursor.NEXT);
    }

    private static String describe(GgufValue value) {
        return value instanceof GgufValue.Texts texts
                ? "an array of " + texts.values().size() + " strings"
                : String.valueOf(value);
    }

    private static GgufValue readValue(GgufCursor cursor, int type) {
        return switch (type) {
            case 0 -> new GgufValue.Whole(cursor.readByte() & 0xff);
            case 1 -> new GgufValue.Whole(cursor.readByte());
            case 2 -> new GgufValue.Whole(cursor.readShort() & 0xffff);
            case 3 -> new GgufValue.Whole(cursor.readShort());
            case 4 -> new GgufValue.Whole(cursor.readInt() & 0xffffffffL);
            case 5 -> new GgufValue.Whole(cursor.readInt());
            case 6 -> new GgufValue.Real(Float.intBitsToFloat(cursor.readInt()));
            case 7 -> new GgufValue.Flag(cursor.readByte() != 0);
            case 8 -> new GgufValue.Text(cursor.readText());
            case 9 -> readArray(cursor);
            case 10, 11 -> new GgufValue.Whole(cursor.readLong());
            case 12 -> new GgufValue.Real(Double.longBitsToDouble(cursor.readLong()));
            default -> throw cursor.malformed(cursor.position() - 4, "unknown metadata type " + type);
        };
    }

    private static GgufValue readArray(GgufCursor cursor) {
        int type = cursor.readInt();
        long start = cursor.position();
        int elementBytes = elementBytes(type);
        if (elementBytes == 0) throw cursor.malformed(start - 4, "an array of type " + type + " is not known");
        long count = cursor.readCount("an array's length", Math.min(ARRAY_MAX, cursor.remaining() / elementBytes));
        return switch (type) {
            case 8 -> readTexts(cursor, (int) count);
            case 4, 5 -> readWholes(cursor, (int) count);
            default -> {
                cursor.advance(count * elementBytes);
                yield new GgufValue.Skipped(count);
            }
        };
    }

    private static GgufValue readTexts(GgufCursor cursor, int count) {
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) texts[i] = cursor.readText();
        return new GgufValue.Texts(List.of(texts));
    }

    private static GgufValue readWholes(GgufCursor cursor, int count) {
        int[] wholes = new int[count];
        for (int i = 0; i < count; i++) wholes[i] = cursor.readInt();
        return new GgufValue.Wholes(wholes);
    }

    /// Fewest bytes of one element, 0 for types that arrays must not have (an array of arrays is a way to exhaust a
    /// stack).
    private static int elementBytes(int type) {
        return switch (type) {
            case 0, 1, 7 -> 1;
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case 8, 10, 11, 12 -> 8;
            default -> 0;
        };
    }
}
