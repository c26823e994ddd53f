package io.adaptermill.cli.command;

import io.adaptermill.cli.client.IngestClient.Result;
import io.adaptermill.cli.importer.FeedbackFile;
import io.adaptermill.cli.importer.Row;
import io.adaptermill.cli.terminal.Table;
import io.adaptermill.cli.terminal.Terminal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Counts what an import read, sent and had refused, by reason. Owned by one thread.
final class ImportCount {
    private final Map<String, Long> reasons = new TreeMap<>();
    private List<String> formats = List.of();
    private long events;
    private long accepted;
    private long refused;

    /// @return whether the row is an event within the limit
    boolean read(Row row, long limit) {
        return switch (row) {
            case Row.Event event -> events < limit && ++events > 0;
            case Row.Refused unusable -> {
                if (events < limit) refuse("row: " + unusable.reason());
                yield false;
            }
        };
    }

    void sent(Result result) {
        result.refusal().ifPresentOrElse(reason -> refuse("ingest: " + reason), () -> accepted++);
    }

    private void refuse(String reason) {
        refused++;
        reasons.merge(reason, 1L, Long::sum);
    }

    void formats(List<String> names) {
        formats = List.copyOf(names);
    }

    long events() {
        return events;
    }

    long accepted() {
        return accepted;
    }

    long refused() {
        return refused;
    }

    /// What was counted, for programs.
    record Summary(List<String> formats, long events, long accepted, long refused, Map<String, Long> reasons) {}

    void print(Terminal terminal, Output output, boolean dryRun) {
        Table table = new Table("WHAT", "COUNT");
        table.row("events read", "" + events);
        if (!dryRun) table.row("accepted", "" + accepted);
        table.row("refused", "" + refused);
        reasons.forEach((reason, count) -> table.row("  " + reason, "" + count));
        if (output == Output.TABLE) {
            terminal.line(
                    "Format: " + (formats.isEmpty() ? "none of " + FeedbackFile.known() : String.join("; ", formats)));
        }
        output.print(terminal, table, new Summary(formats, events, accepted, refused, reasons));
    }
}
