package io.adaptermill.artifacts;

import java.nio.file.Path;

/// A path as people write it in settings: `~/` is the home folder of the user who runs the process.
public final class UserPath {
    private UserPath() {}

    public static Path of(String text) {
        return Path.of(text.startsWith("~/") ? System.getProperty("user.home") + text.substring(1) : text);
    }
}
