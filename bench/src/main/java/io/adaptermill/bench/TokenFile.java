package io.adaptermill.bench;

import io.adaptermill.lora.source.ModelFiles;
import io.adaptermill.lora.text.TextCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What all programs learn: one token a line.
final class TokenFile {
    /// Eight steps of 8 x 128.
    private static final int TOKENS = 8192;

    private TokenFile() {}

    /// @param text absent for the project's own documents
    /// @param project where they are
    static Path write(Path model, Optional<Path> text, Path project, Path target) throws IOException {
        String words = text.isPresent() ? Files.readString(text.get()) : documents(project);
        try (TextCodec codec = ModelFiles.at(model).readText()) {
            int[] tokens = codec.encode(words);
            if (tokens.length < TOKENS) {
                throw new IOException("the text must have " + TOKENS + " tokens, had " + tokens.length
                        + ": give a longer one with --text");
            }
            List<String> lines =
                    Arrays.stream(tokens, 0, TOKENS).mapToObj(Integer::toString).toList();
            return Files.write(target, lines);
        }
    }

    private static String documents(Path project) throws IOException {
        try (Stream<Path> files = Files.walk(project, 2)) {
            List<Path> pages = files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
            StringBuilder all = new StringBuilder();
            for (Path page : pages) all.append(Files.readString(page));
            return all.toString();
        }
    }
}
