package io.adaptermill.cli.stack;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Starts and stops processes.
public final class Processes {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private Processes() {}

    static Child start(Service service, List<String> command, Launch launch, StackConfig config) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(config.folder().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
        builder.environment().putAll(launch.environment());
        builder.environment().putAll(KeyFile.environment());
        try {
            ProcessHandle handle = builder.start().toHandle();
            Instant started = handle.info().startInstant().orElseGet(Instant::now);
            return new Child(service, handle.pid(), started, config.port(service), launch.log());
        } catch (IOException e) {
            throw new CommandFailure(
                    Exit.FAILED,
                    service.module() + " could not be started: " + e.getMessage(),
                    "./adaptermill build, then try again",
                    e);
        }
    }

    /// Stops the services first and together, the broker after them; asks (SIGTERM) before it insists (SIGKILL).
    public static void stop(List<Child> children) {
        stop(children, GRACE);
    }

    static void stop(List<Child> children, Duration grace) {
        stopTogether(
                children.stream()
                        .filter(child -> child.service() != Service.BROKER)
                        .toList(),
                grace);
        stopTogether(
                children.stream()
                        .filter(child -> child.service() == Service.BROKER)
                        .toList(),
                grace);
    }

    private static void stopTogether(List<Child> children, Duration grace) {
        List<ProcessHandle> processes = new ArrayList<>();
        for (Child child : children) child.process().ifPresent(processes::add);
        processes.forEach(ProcessHandle::destroy);
        Waiting.until(grace, () -> processes.stream().noneMatch(ProcessHandle::isAlive));
        processes.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
        Waiting.until(GRACE, () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    /// The last lines of a log, indented, for an error message.
    static String tail(Path log, int lines) {
        try {
            List<String> all =
                    Files.readString(log, StandardCharsets.UTF_8).lines().toList();
            return String.join(
                    "\n",
                    all.subList(Math.max(0, all.size() - lines), all.size()).stream()
                            .map(line -> "    " + line)
                            .toList());
        } catch (IOException e) {
            return "    (no log)";
        }
    }
}
