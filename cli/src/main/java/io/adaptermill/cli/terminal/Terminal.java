package io.adaptermill.cli.terminal;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;

/// Where a command writes to: results on the standard output, troubles on the standard error.
///
/// Colours and rewritten lines only where people look at a terminal and have not set `NO_COLOR`.
public final class Terminal {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private final boolean coloured;

    public Terminal(PrintStream out, PrintStream err, boolean interactive, boolean coloured) {
        this.out = out;
        this.err = err;
        this.interactive = interactive;
        this.coloured = coloured;
    }

    public static Terminal ofSystem() {
        boolean interactive = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        String noColor = System.getenv("NO_COLOR");
        boolean dumb = "dumb".equals(System.getenv("TERM"));
        return new Terminal(
                System.out,
                System.err,
                interactive && !dumb,
                interactive && !dumb && (noColor == null || noColor.isEmpty()));
    }

    public PrintStream out() {
        return out;
    }

    public PrintStream err() {
        return err;
    }

    public boolean interactive() {
        return interactive;
    }

    public boolean coloured() {
        return coloured;
    }

    public void line(String text) {
        out.println(text);
        out.flush();
    }

    public void trouble(String text) {
        err.println(text);
        err.flush();
    }

    public String good(String text) {
        return painted("32", text);
    }

    public String bad(String text) {
        return painted("31", text);
    }

    public String dim(String text) {
        return painted("2", text);
    }

    public String strong(String text) {
        return painted("1", text);
    }

    private String painted(String code, String text) {
        return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
