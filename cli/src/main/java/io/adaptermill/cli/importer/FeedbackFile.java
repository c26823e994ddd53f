package io.adaptermill.cli.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Reads a file of feedback row by row, whatever its format; memory does not grow with the file.
public final class FeedbackFile implements AutoCloseable {
    private static final int ID_DIGITS = 32;
    private final RowReader rows;
    private final Optional<ColumnMap> columns;
    private final Set<String> formats = new LinkedHashSet<>();

    private FeedbackFile(RowReader rows, Optional<ColumnMap> columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /// @param columns for formats that cannot be recognised
    public static FeedbackFile open(Path path, Optional<ColumnMap> columns) throws IOException {
        return new FeedbackFile(RowReader.open(path), columns);
    }

    /// @param rows told of each event and each row that gave none
    public void forEach(Consumer<Row> rows) {
        try {
            this.rows.forEach((line, node) -> accept(line, node, rows));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The formats met so far, as people call them.
    public List<String> formats() {
        return List.copyOf(formats);
    }

    /// Of the file, compressed or not.
    public long bytesRead() {
        return rows.bytesRead();
    }

    private void accept(long line, Optional<JsonNode> node, Consumer<Row> rows) {
        if (node.isEmpty()) {
            rows.accept(new Row.Refused(line, "not JSON"));
            return;
        }
        Optional<Format> format = columns.map(Format.class::cast).or(() -> Formats.of(node.get()));
        if (format.isEmpty()) {
            rows.accept(new Row.Refused(line, "no known format"));
            return;
        }
        formats.add(format.get().name());
        read(line, node.get(), format.get(), rows);
    }

    private static void read(long line, JsonNode node, Format format, Consumer<Row> rows) {
        try {
            for (Feedback feedback : format.read(node)) rows.accept(new Row.Event(id(feedback), feedback));
        } catch (Unusable e) {
            rows.accept(new Row.Refused(line, String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException e) {
            rows.accept(new Row.Refused(line, "breaks a rule: " + e.getMessage()));
        }
    }

    /// The same content has the same id, in whatever file it stands.
    public static EventId id(Feedback feedback) {
        return new EventId(
                "import-" + Digest.of(EventJson.write(feedback)).hex().substring(0, ID_DIGITS));
    }

    /// The formats that are recognised without a mapping.
    public static List<String> known() {
        return Formats.names();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
