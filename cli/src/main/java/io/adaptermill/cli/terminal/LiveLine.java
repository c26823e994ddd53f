package io.adaptermill.cli.terminal;

import java.time.Duration;

/// A line that changes while something goes on and stays as it was said last.
///
/// On a terminal it is rewritten in place; elsewhere a changed text is a new line, at most one in a while. Owned by one
/// thread.
public final class LiveLine {
    private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
    private final Terminal terminal;
    private String shown = "";
    private long shownAt = System.nanoTime() - QUIET_NANOS;

    public LiveLine(Terminal terminal) {
        this.terminal = terminal;
    }

    public void update(String text) {
        long now = System.nanoTime();
        if (text.equals(shown) || now - shownAt < (terminal.interactive() ? REDRAW_NANOS : QUIET_NANOS)) return;
        if (terminal.interactive()) rewrite(text);
        else terminal.line(text);
        shown = text;
        shownAt = now;
    }

    /// Says the text for good; the next update begins a new line.
    public void finish(String text) {
        if (terminal.interactive()) {
            rewrite(text);
            terminal.line("");
        } else if (!text.equals(shown)) {
            terminal.line(text);
        }
        shown = "";
    }

    private void rewrite(String text) {
        terminal.out().print("\r\u001b[K" + text);
        terminal.out().flush();
    }
}
