package io.adaptermill.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/// `bench/step.sh`: the cost of a training step, ours and the peers', in turns.
@CommandLine.Command(
        name = "bench/step.sh",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures training steps of ours and of Python's stack in turns: same weights, tokens, threads.")
final class StepBench implements Callable<Integer> {
    @CommandLine.Option(
            names = "--model",
            paramLabel = "GGUF",
            description = "base model; default: what ./adaptermill model fetched")
    private Path model =
            Path.of(System.getProperty("user.home"), ".cache/adaptermill/models/SmolLM2-135M-Instruct.Q4_1.gguf");

    @CommandLine.Option(
            names = "--peers",
            paramLabel = "PYTHON",
            description = "a Python that has torch, transformers, peft and bitsandbytes")
    private Optional<Path> python = Optional.empty();

    @CommandLine.Option(
            names = "--peer-model",
            paramLabel = "FOLDER",
            description = "the same weights as a Hugging Face folder; default: made from GGUF")
    private Optional<Path> peerModel = Optional.empty();

    @CommandLine.Option(
            names = "--text",
            paramLabel = "FILE",
            description = "what to learn; default: the project's own documents")
    private Optional<Path> text = Optional.empty();

    @CommandLine.Option(
            names = "--rounds",
            defaultValue = "10",
            description = "steps of each program at 8x128; default: ${DEFAULT-VALUE}")
    private int rounds;

    @CommandLine.Option(
            names = "--threads",
            defaultValue = "2",
            description = "of each program; default: ${DEFAULT-VALUE}")
    private int threads;

    @CommandLine.Option(
            names = "--json",
            paramLabel = "FILE",
            description = "where to put all samples; default: bench/target/step.json")
    private Path json = home().resolve("target/step.json");

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new StepBench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createDirectories(home().resolve("target"));
        Path tokens = TokenFile.write(model, text, home().resolveSibling(".").normalize(), work.resolve("tokens.txt"));
        List<Contender> contenders = new ArrayList<>();
        Report report = new Report(threads);
        try {
            for (Contender.Program program : programs(tokens, work)) {
                System.err.println("starting " + program.name());
                contenders.add(program.start());
            }
            measure(Workload.STEP_8_128, contenders, report);
            for (Contender contender : contenders) report.peak(contender.name(), contender.peakMegabytes());
            measure(Workload.STEP_1_64, contenders, report);
        } finally {
            for (Contender contender : contenders) contender.close();
        }
        PrintStream out = System.out;
        report.print(out);
        Files.writeString(json, report.json());
        return 0;
    }

    /// Each program once a round, so that none has the better minutes.
    private void measure(Workload workload, List<Contender> contenders, Report report) throws IOException {
        System.err.println("measuring " + workload.name());
        for (int i = -workload.warmUps(); i < rounds * workload.share(); i++) {
            for (Contender contender : contenders) {
                String command = workload.command() + " " + (i + workload.warmUps());
                Contender.Sample sample = contender.measure(command);
                if (i >= 0) report.add(workload.name(), contender.name(), sample);
            }
        }
    }

    /// Ours first: what the others are compared with.
    private List<Contender.Program> programs(Path tokens, Path work) throws IOException, InterruptedException {
        List<Contender.Program> programs = new ArrayList<>();
        programs.add(new Contender.Program("ours, 4-bit base", ours(tokens)));
        if (python.isEmpty()) return programs;
        String folder = peerFolder(work.resolve("peer-model")).toString();
        programs.add(new Contender.Program("PEFT, bf16", peer("serve", "bf16", folder, tokens.toString())));
        programs.add(new Contender.Program("PEFT + bitsandbytes NF4", peer("serve", "nf4", folder, tokens.toString())));
        return programs;
    }

    private List<String> ours(Path tokens) {
        return List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dadaptermill.threads=" + threads,
                "-cp",
                System.getProperty("java.class.path"),
                OurSteps.class.getName(),
                model.toString(),
                tokens.toString());
    }

    private Path peerFolder(Path folder) throws IOException, InterruptedException {
        if (peerModel.isPresent()) return peerModel.get();
        if (Files.exists(folder.resolve("config.json"))) return folder;
        List<String> command = peer("convert", model.toString(), folder.toString());
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) throw new IOException("peers.py could not convert " + model + "; its own error stands above");
        return folder;
    }

    private List<String> peer(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(python.orElseThrow().toString());
        command.add(home().resolve("peers.py").toString());
        command.addAll(List.of(arguments));
        if (arguments[0].equals("serve")) command.add(Integer.toString(threads));
        return command;
    }

    private static Path home() {
        return Path.of(System.getProperty("adaptermill.bench", "bench")).toAbsolutePath();
    }
}
