package io.adaptermill.ingest.screen;

import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import java.util.Optional;

/// How much text something carries, in bytes of UTF-8.
public final class TextSize {
    public static final int BYTES_MAX = 64 * 1024;

    private TextSize() {}

    public static long bytes(Feedback feedback) {
        return switch (feedback) {
            case Feedback.Demonstration f -> bytes(f.prompt()) + bytes(f.response());
            case Feedback.Edit f ->
                bytesOf(f.prompt()) + f.original().map(TextSize::bytes).orElse(0L) + bytes(f.edited());
            case Feedback.Preference f -> bytes(f.prompt()) + bytes(f.chosen()) + bytes(f.rejected());
            case Feedback.Rating f ->
                bytesOf(f.prompt()) + f.response().map(TextSize::bytes).orElse(0L);
        };
    }

    public static long bytes(Example example) {
        return bytes(example.prompt())
                + switch (example) {
                    case Example.Demonstration e -> bytes(e.response());
                    case Example.Edit e -> bytes(e.original()) + bytes(e.edited());
                    case Example.Preference e -> bytes(e.chosen()) + bytes(e.rejected());
                    case Example.Rating e -> bytes(e.response());
                };
    }

    public static long bytes(Prompt prompt) {
        return prompt.messages().stream()
                .mapToLong(message -> bytes(message.content()))
                .sum();
    }

    private static long bytesOf(Optional<Prompt> prompt) {
        return prompt.map(TextSize::bytes).orElse(0L);
    }

    public static long bytes(String text) {
        return text.codePoints().mapToLong(TextSize::bytes).sum();
    }

    private static long bytes(int codePoint) {
        if (codePoint < 0x80) return 1;
        if (codePoint < 0x800) return 2;
        return codePoint < 0x10000 ? 3 : 4;
    }
}
