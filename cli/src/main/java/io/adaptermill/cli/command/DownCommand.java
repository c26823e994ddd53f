package io.adaptermill.cli.command;

import io.adaptermill.cli.Exit;
import io.adaptermill.cli.stack.Processes;
import io.adaptermill.cli.stack.StackState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `down`: stops what `up` or `demo --keep` left running.
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stop the local stack: services first, the broker last.",
        footer = {"", "Examples:", "  ./adaptermill down", "  ./adaptermill down --wipe"})
final class DownCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--wipe", description = "Delete its data too: topics, adapters and logs.")
    private boolean wipe;

    DownCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Optional<StackState> state = StackState.read(session.root());
        if (state.isEmpty()) {
            session.terminal().line("No local stack runs here; nothing to stop.");
            return Exit.DONE;
        }
        Processes.stop(state.get().children());
        StackState.remove(session.root());
        if (wipe) delete(state.get().folder());
        session.terminal()
                .line(
                        wipe
                                ? "Stopped and wiped."
                                : "Stopped. Data stays in " + state.get().folder());
        return Exit.DONE;
    }

    /// Deletes a folder with all in it, if it is there.
    static void delete(Path folder) {
        if (!Files.exists(folder)) return;
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
