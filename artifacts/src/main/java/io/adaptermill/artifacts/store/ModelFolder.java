package io.adaptermill.artifacts.store;

import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.schemas.id.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Any folder with a model in it, as a model signature sees it: every file below it by its path, with its sha256.
public final class ModelFolder {
    private ModelFolder() {}

    /// @param signature left out, wherever it lies
    /// @throws MalformedFile if there is a link: the bytes behind one can change while its name stays
    public static SortedMap<String, Digest> files(Path folder, Path signature) {
        SortedMap<String, Digest> files = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            List<Path> paths = tree.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .toList();
            for (Path path : paths) {
                if (Files.exists(signature) && Files.isSameFile(path, signature)) continue;
                if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    throw new MalformedFile(path, "it must be a plain file", "copy the model without links");
                }
                String name = folder.relativize(path).toString().replace('\\', '/');
                files.put(name, Digest.of(Files.readAllBytes(path)));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder, e);
        }
    }
}
