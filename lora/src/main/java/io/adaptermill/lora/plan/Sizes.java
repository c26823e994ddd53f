package io.adaptermill.lora.plan;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Bytes as people write them.
public final class Sizes {
    private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?(GiB|MiB|GB|MB|G|M)");

    private Sizes() {}

    /// @param text such as `48GiB`; `GB` and `MB` are powers of ten, `G` and `M` mean `GiB` and `MiB`, as
    /// card makers     mean them
    /// @throws IllegalArgumentException if it is no size
    public static long parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a size must look like 48GiB or 512MiB, was " + text);
        }
        double unit = switch (matcher.group(2)) {
            case "GB" -> 1e9;
            case "MB" -> 1e6;
            case "M", "MiB" -> 1L << 20;
            default -> 1L << 30;
        };
        return (long) (Double.parseDouble(matcher.group(1)) * unit);
    }

    public static String text(long bytes) {
        return bytes >= 1L << 30
                ? String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30))
                : String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1L << 20));
    }
}
