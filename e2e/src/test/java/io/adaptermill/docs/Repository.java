package io.adaptermill.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The files of this repository, as a reader of it sees them.
public final class Repository {
    private static final Path ROOT = find(Path.of("").toAbsolutePath());

    private Repository() {}

    public static Path root() {
        return ROOT;
    }

    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(String file) {
        return text(ROOT.resolve(file));
    }

    /// All files below a folder but what is built or hidden, in a stable order.
    public static List<Path> files(Path folder, Predicate<Path> wanted) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> kept(ROOT.relativize(file)))
                    .filter(wanted)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean kept(Path relative) {
        for (Path step : relative) {
            String name = step.toString();
            if (name.equals("target") || (name.startsWith(".") && !name.startsWith(".dockerignore"))) {
                return false;
            }
        }
        return true;
    }

    private static Path find(Path from) {
        for (Path at = from; at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("schemas")) && Files.isDirectory(at.resolve("k8s"))) {
                return at;
            }
        }
        throw new IllegalStateException(
                "no folder above " + from + " holds schemas/ and k8s/: run the tests inside the repository");
    }
}
