package io.adaptermill.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.adaptermill.cli.terminal.Table;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.EventJson;

/// How a result is printed: for people or for programs.
enum Output {
    TABLE,
    JSON;

    void print(Terminal terminal, Table table, Object value) {
        switch (this) {
            case TABLE -> table.lines().forEach(terminal::line);
            case JSON -> terminal.line(pretty(value));
        }
    }

    static String pretty(Object value) {
        try {
            return EventJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result must be writable as JSON", e);
        }
    }
}
