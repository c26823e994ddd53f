package io.adaptermill.testkit;

import io.adaptermill.broker.BrokerMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Module broker in a JVM of its own, started from this JVM's class path, on a free port and an empty directory.
final class BrokerProcess implements RunningBroker {
    private static final String READY = "ready ";

    private final Process process;
    private final String bootstrapServers;
    private final Path directory;

    private BrokerProcess(Process process, String bootstrapServers, Path directory) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
        this.directory = directory;
    }

    static BrokerProcess start() {
        try {
            Path directory = Files.createTempDirectory("adaptermill-broker");
            Path errors = directory.resolve("broker.log");
            Process process = new ProcessBuilder(command(directory.resolve("data")))
                    .redirectError(errors.toFile())
                    .start();
            BufferedReader output = process.inputReader();
            String line = output.readLine();
            while (line != null && !line.startsWith(READY)) {
                line = output.readLine();
            }
            if (line == null) {
                throw new IllegalStateException("the test broker did not start; its log:\n" + Files.readString(errors));
            }
            return new BrokerProcess(process, line.substring(READY.length()), directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(Path data) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BrokerMain.class.getName()));
        command.addAll(List.of("--port", "0", "--dir", data.toString()));
        return command;
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /// Without a clean stop: nobody reads this log again.
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
            delete();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("left behind: " + directory, e);
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
