package io.adaptermill.cli;

import io.adaptermill.cli.command.CommandTree;
import io.adaptermill.cli.command.Session;
import io.adaptermill.cli.terminal.Terminal;
import java.nio.file.Path;

/// Where `./adaptermill` enters Java.
public final class AdaptermillMain {
    private AdaptermillMain() {}

    public static void main(String[] words) {
        Path root = Path.of(System.getProperty("adaptermill.root", "."))
                .toAbsolutePath()
                .normalize();
        System.exit(CommandTree.of(new Session(root, Terminal.ofSystem())).execute(words));
    }
}
