package io.adaptermill.cli.demo;

import io.adaptermill.cli.promises.Answer;
import io.adaptermill.schemas.EventJson;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What clients saw, one JSON object a line, so that others can check it too. Thread-safe.
final class ClientLog implements AutoCloseable {
    private final List<Answer> answers = new ArrayList<>();
    private final OutputStream file;

    ClientLog(Path path) {
        try {
            file = Files.newOutputStream(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void add(Answer answer) {
        answers.add(answer);
        try {
            file.write(EventJson.write(answer));
            file.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized List<Answer> answers() {
        return List.copyOf(answers);
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
