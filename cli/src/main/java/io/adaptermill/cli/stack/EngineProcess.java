package io.adaptermill.cli.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs a command that computes once more, in a virtual machine like the trainer's: on the engine that lies
/// beside the trainer, with its flags and its number of threads.
public final class EngineProcess {
    private static final String ENGINE = "io.adaptermill.lora.AdapterTrainer";

    private EngineProcess() {}

    /// Whether this virtual machine has the engine already.
    public static boolean isHere() {
        try {
            Class.forName(ENGINE, false, EngineProcess.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /// @return the exit code
    public static int run(Path root, List<String> arguments) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        int cores = Runtime.getRuntime().availableProcessors();
        ProcessBuilder builder = new ProcessBuilder(command(root, java, cores, arguments)).inheritIO();
        builder.environment().putAll(KeyFile.environment());
        try {
            return builder.start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + java, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the engine worked", e);
        }
    }

    static List<String> command(Path root, Path java, int cores, List<String> arguments) {
        Path cli = root.resolve("cli").resolve("target");
        Path engine = root.resolve(Service.TRAINER.module()).resolve("target/quarkus-app/lib/main");
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(Service.TRAINER.jvmFlags());
        command.addAll(List.of(
                "-Dio.adaptermill.threads=" + cores,
                "-Dadaptermill.root=" + root,
                "-Dslf4j.internal.verbosity=WARN",
                "-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider",
                "-cp",
                cli + "/*:" + cli.resolve("lib") + "/*:" + engine + "/*",
                "io.adaptermill.cli.AdaptermillMain"));
        command.addAll(arguments);
        return List.copyOf(command);
    }
}
