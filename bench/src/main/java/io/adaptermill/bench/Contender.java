package io.adaptermill.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A program that trains the same model, as a process that answers one command at a time.
///
/// Commands: `step SEQUENCES LENGTH INDEX`, `peak`, `quit` and what [Workload] lists. Answers: `key=value`s on one
/// line.
/// A program says `ready` first. While another has its turn it sleeps.
final class Contender implements AutoCloseable {
    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;
    private final long started;

    private Contender(String name, Process process, long started) {
        this.name = name;
        this.process = process;
        this.answers = process.inputReader();
        this.commands = process.outputWriter();
        this.started = started;
    }

    /// How to start one.
    record Program(String name, List<String> command) {
        Contender start() throws IOException {
            long started = System.nanoTime();
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("TOKENIZERS_PARALLELISM", "false");
            Contender contender = new Contender(name, builder.start(), started);
            contender.read("ready");
            return contender;
        }
    }

    /// @param millis as the program measured it
    /// @param cpuMillis processor time of all its threads
    /// @param othersCores cores that everybody else kept busy meanwhile
    record Sample(double millis, double cpuMillis, double othersCores) {}

    String name() {
        return name;
    }

    /// Since the process was started.
    double ageSeconds() {
        return (System.nanoTime() - started) / 1e9;
    }

    Sample measure(String command) throws IOException {
        double machine = Usage.machineCpuMillis();
        long start = System.nanoTime();
        String answer = ask(command);
        double wall = (System.nanoTime() - start) / 1e6;
        double cpu = value(answer, "cpu_ms");
        double others = Math.max(0, Usage.machineCpuMillis() - machine - cpu) / wall;
        return new Sample(value(answer, "ms"), cpu, others);
    }

    long peakMegabytes() throws IOException {
        return (long) value(ask("peak"), "peak_mb");
    }

    /// Begins to look where the time goes; ours only.
    void sample() throws IOException {
        ask("sample");
    }

    /// How often the program was seen where since [#sample].
    Map<String, Integer> shares() throws IOException {
        String answer = ask("shares");
        Map<String, Integer> looks = new TreeMap<>();
        for (String part :
                answer.substring("shares={".length(), answer.length() - 1).split(", ")) {
            int equals = part.lastIndexOf('=');
            looks.put(part.substring(0, equals), Integer.parseInt(part.substring(equals + 1)));
        }
        return looks;
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            commands.write("quit\n");
            commands.flush();
        }
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }

    private String ask(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        return read("ms=", "peak_mb=", "sampling", "shares=");
    }

    /// Skips what libraries print.
    private String read(String... beginnings) throws IOException {
        while (true) {
            String line = answers.readLine();
            if (line == null) throw new IOException(name + " ended; its own error stands above");
            for (String beginning : beginnings) if (line.startsWith(beginning)) return line;
        }
    }

    private static double value(String answer, String key) {
        for (String part : answer.split(" ")) {
            if (part.startsWith(key + "=")) return Double.parseDouble(part.substring(key.length() + 1));
        }
        throw new IllegalStateException("an answer must have " + key + ", was: " + answer);
    }
}
