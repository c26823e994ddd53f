package io.adaptermill.cli.stack;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Runs the stack's programs as child processes, each in a session of its own, so that Ctrl-C reaches only
/// us and we stop them in order.
///
/// Thread-safe: the shutdown hook may close it while a command is still starting it.
public final class LocalStack implements AutoCloseable {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Duration STARTUP_MAX = Duration.ofSeconds(120);
    private final StackConfig config;
    private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private final Map<Service, Child> children = new EnumMap<>(Service.class);
    private boolean closed;

    public LocalStack(StackConfig config) {
        this.config = config;
    }

    public StackConfig config() {
        return config;
    }

    /// Starts a process and returns at once.
    public synchronized Child start(Service service) {
        if (closed) throw new IllegalStateException("the stack is being stopped");
        Launch launch = Launch.of(service, config, java);
        Child child = Processes.start(service, command(launch), launch, config);
        children.put(service, child);
        return child;
    }

    private static List<String> command(Launch launch) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) command.add(SETSID.toString());
        command.addAll(launch.command());
        return command;
    }

    /// Waits until all of them are ready.
    ///
    /// @param progress told of each service as it becomes ready
    /// @throws CommandFailure if one of them ends or takes too long; its log's last lines are in the message
    public void awaitReady(Set<Service> services, Consumer<Service> progress) {
        Set<Service> waiting = EnumSet.copyOf(services);
        try (Health health = new Health()) {
            boolean ready = Waiting.until(STARTUP_MAX, () -> allReady(waiting, health, progress));
            if (!ready) throw notReady(waiting);
        }
    }

    private boolean allReady(Set<Service> waiting, Health health, Consumer<Service> progress) {
        for (Service service : List.copyOf(waiting)) {
            requireAlive(service);
            if (health.ready(service, config.port(service))) {
                waiting.remove(service);
                progress.accept(service);
            }
        }
        return waiting.isEmpty();
    }

    /// @throws CommandFailure if the service has ended by itself
    public void requireAlive(Service service) {
        if (child(service).alive()) return;
        if (isClosed()) throw new CommandFailure(Exit.FAILED, "Stopped before the end.", "run it again");
        throw new CommandFailure(
                Exit.FAILED,
                service.module() + " ended by itself. The end of " + config.log(service) + ":\n"
                        + Processes.tail(config.log(service), 15),
                "read the log, then try again; ./adaptermill doctor checks this machine");
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private CommandFailure notReady(Set<Service> waiting) {
        Service first = waiting.iterator().next();
        return new CommandFailure(
                Exit.TIMED_OUT,
                first.module() + " was not ready after " + STARTUP_MAX.toSeconds() + " s. The end of "
                        + config.log(first) + ":\n" + Processes.tail(config.log(first), 15),
                "read the log, then try again on a less busy machine");
    }

    public synchronized Child child(Service service) {
        Child child = children.get(service);
        if (child == null) throw new IllegalStateException(service.module() + " was never started");
        return child;
    }

    /// Ends a service as a crash would (SIGKILL) and waits until it is gone.
    public void kill(Service service) {
        child(service).process().ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    public synchronized StackState state(Instant started) {
        return new StackState(started, config.folder(), config.model(), config.kafka(), List.copyOf(children.values()));
    }

    @Override
    public void close() {
        List<Child> started;
        synchronized (this) {
            closed = true;
            started = List.copyOf(children.values());
        }
        Processes.stop(started);
    }

    /// Makes the folders a stack needs.
    public static void prepare(StackConfig config) {
        try {
            Files.createDirectories(config.folder().resolve("logs"));
            Files.createDirectories(config.store());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
