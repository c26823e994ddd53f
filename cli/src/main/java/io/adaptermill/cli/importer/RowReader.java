package io.adaptermill.cli.importer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// The rows of a file as JSON objects: lines, the elements of an array, or the rows of a table under their headings.
final class RowReader implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private final Counting counting;
    private final PushbackInputStream input;
    private final boolean table;

    private RowReader(Counting counting, InputStream input, boolean table) {
        this.counting = counting;
        this.input = new PushbackInputStream(input, 1);
        this.table = table;
    }

    static RowReader open(Path path) throws IOException {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        Counting counting = new Counting(new BufferedInputStream(Files.newInputStream(path)));
        InputStream input = name.endsWith(".gz") ? new BufferedInputStream(new GZIPInputStream(counting)) : counting;
        return new RowReader(counting, input, name.contains(".csv"));
    }

    long bytesRead() {
        return counting.count;
    }

    void forEach(RowConsumer rows) throws IOException {
        if (table) forEachOfTable(rows);
        else if (startsWithArray()) forEachOfArray(rows);
        else forEachLine(rows);
    }

    private boolean startsWithArray() throws IOException {
        int first = input.read();
        while (first >= 0 && Character.isWhitespace(first)) first = input.read();
        if (first >= 0) input.unread(first);
        return first == '[';
    }

    private void forEachLine(RowConsumer rows) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
        long line = 0;
        for (String text = reader.readLine(); text != null; text = reader.readLine()) {
            line++;
            if (!text.isBlank()) rows.accept(line, parse(text));
        }
    }

    private static Optional<JsonNode> parse(String text) {
        try {
            return Optional.ofNullable(JSON.readTree(text)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private void forEachOfArray(RowConsumer rows) throws IOException {
        try (JsonParser parser = JSON.createParser(input)) {
            parser.nextToken();
            long number = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                number++;
                JsonNode node = JSON.readTree(parser);
                rows.accept(number, Optional.ofNullable(node).filter(JsonNode::isObject));
            }
        }
    }

    private void forEachOfTable(RowConsumer rows) throws IOException {
        CsvMapper mapper = new CsvMapper();
        long number = 0;
        try (MappingIterator<JsonNode> iterator = mapper.readerFor(JsonNode.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(new InputStreamReader(input, StandardCharsets.UTF_8))) {
            while (iterator.hasNextValue()) rows.accept(++number, Optional.of(iterator.nextValue()));
        }
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    /// Handles one row; an unreadable one is absent.
    interface RowConsumer {
        void accept(long line, Optional<JsonNode> row);
    }

    /// Counts what was read, for progress.
    private static final class Counting extends FilterInputStream {
        private long count;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            if (read >= 0) count++;
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read > 0) count += read;
            return read;
        }
    }
}
