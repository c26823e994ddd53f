package io.adaptermill.cli.adapters;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.importer.FeedbackFile;
import io.adaptermill.cli.importer.Row;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The prompts and ideal answers of a feedback file, in any format that `feedback import` knows.
public final class Demonstrations {
    private Demonstrations() {}

    /// A prompt and how it should be answered.
    public record Pair(Prompt prompt, String response) {}

    /// @throws CommandFailure if there is no such file, or a row is no demonstration
    public static List<Pair> read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CommandFailure(Exit.NOT_FOUND, "There is no file " + file + ".", "check --examples");
        }
        List<Pair> pairs = new ArrayList<>();
        try (FeedbackFile rows = FeedbackFile.open(file, Optional.empty())) {
            rows.forEach(row -> pairs.add(pair(row, file)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        if (pairs.isEmpty()) throw unusable(file, "it has no rows");
        return List.copyOf(pairs);
    }

    private static Pair pair(Row row, Path file) {
        return switch (row) {
            case Row.Event event
            when event.feedback() instanceof Feedback.Demonstration shown -> new Pair(shown.prompt(), shown.response());
            case Row.Event event -> throw unusable(file, "it holds more than demonstrations");
            case Row.Refused refused -> throw unusable(file, "row " + refused.line() + ": " + refused.reason());
        };
    }

    private static CommandFailure unusable(Path file, String reason) {
        return new CommandFailure(
                Exit.FAILED,
                file + " cannot be used: " + reason + ".",
                "give rows such as {\"prompt\": \"…\", \"completion\": \"…\"}");
    }
}
