package io.adaptermill.cli.command;

import io.adaptermill.cli.stack.LocalStack;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.cli.terminal.LiveLine;
import io.adaptermill.kafka.TopicSetup;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// Starts a stack in order: the broker, the topics, then all services at once.
public final class StackStart {
    private static final int PARTITIONS = 6;
    private final LocalStack stack;
    private final LiveLine line;

    public StackStart(LocalStack stack, LiveLine line) {
        this.stack = stack;
        this.line = line;
    }

    public void run() {
        broker("");
        services("");
    }

    /// @param label what the line begins with
    public Duration broker(String label) {
        long start = System.nanoTime();
        LocalStack.prepare(stack.config());
        line.update(label + "starting Kafka");
        stack.start(Service.BROKER);
        stack.awaitReady(Set.of(Service.BROKER), ready -> {});
        TopicSetup.ensure(stack.config().kafka(), PARTITIONS);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        line.finish(label + "ok " + seconds(took) + "   Kafka 4.2.1 KRaft, own process, "
                + stack.config().kafka());
        return took;
    }

    public Duration services(String label) {
        long start = System.nanoTime();
        Set<Service> services = EnumSet.complementOf(EnumSet.of(Service.BROKER));
        Set<Service> ready = EnumSet.noneOf(Service.class);
        services.forEach(stack::start);
        line.update(label + "starting " + names(services));
        stack.awaitReady(services, service -> {
            ready.add(service);
            line.update(label + ready.size() + "/" + services.size() + " ready: " + names(ready));
        });
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        line.finish(label + "ok " + seconds(took) + "   " + names(services));
        return took;
    }

    private static String names(Set<Service> services) {
        return services.stream().map(Service::module).collect(Collectors.joining(" "));
    }

    static String seconds(Duration took) {
        return String.format("%4d s", Math.max(1, Math.round(took.toMillis() / 1000.0)));
    }
}
