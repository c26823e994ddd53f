package io.adaptermill.cli.terminal;

/// A bar of a given width that is filled in proportion.
public final class Bar {
    private Bar() {}

    public static String of(long done, long total, int width) {
        int full = total <= 0 ? width : (int) Math.min(width, Math.max(0, done) * width / total);
        return "█".repeat(full) + "░".repeat(width - full);
    }
}
