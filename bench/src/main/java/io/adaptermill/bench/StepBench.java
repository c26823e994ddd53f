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
            names = "--only",
            paramLabel = "COMMAND",
            description = "nothing but workloads that begin so, such as: step 8; or: start")
    private Optional<String> only = Optional.empty();

    @CommandLine.Option(
            names = "--weights",
            defaultValue = "4bit",
            description = "with --kernels: 4bit or bf16; default: ${DEFAULT-VALUE}")
    private String weights = "4bit";

    @CommandLine.Option(
            names = "--kernels",
            paramLabel = "COMMAND",
            description = "instead: where our time goes in one workload, such as: step 8 128")
    private Optional<String> kernels = Optional.empty();

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

    /// Programs of ours, which come first.
    private static final int OURS = 2;

    private static final int STARTS = 3;
    private static final int KERNEL_WARM_UPS = 8;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new StepBench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createDirectories(home().resolve("target"));
        Path tokens = TokenFile.write(model, text, home().resolveSibling(".").normalize(), work.resolve("tokens.txt"));
        if (kernels.isPresent()) return kernels(kernels.get(), new Contender.Program("ours", ours(tokens, weights)));
        List<Contender> contenders = new ArrayList<>();
        Report report = new Report(threads, OURS);
        List<Contender.Program> programs = programs(tokens, work);
        List<Workload> wanted = wanted();
        try {
            for (Contender.Program program : wanted.isEmpty() ? List.<Contender.Program>of() : programs) {
                System.err.println("starting " + program.name());
                contenders.add(program.start());
            }
            for (Workload workload : wanted) {
                measure(workload, workload.oursAlone() ? contenders.subList(0, OURS) : contenders, report);
                if (!workload.equals(Workload.STEP_8_128)) continue;
                for (Contender contender : contenders) report.peak(contender.name(), contender.peakMegabytes());
            }
        } finally {
            for (Contender contender : contenders) contender.close();
        }
        if (only.isEmpty() || only.get().equals("start")) {
            for (int i = 0; i < STARTS; i++) start(programs, report);
        }
        PrintStream out = System.out;
        report.print(out);
        Files.writeString(json, report.json());
        return 0;
    }

    /// Looks at our own program alone.
    private int kernels(String command, Contender.Program program) throws IOException {
        try (Contender ours = program.start()) {
            for (int i = 0; i < KERNEL_WARM_UPS; i++) ours.measure(command + " " + i);
            ours.sample();
            double[] millis = new double[rounds];
            for (int i = 0; i < rounds; i++)
                millis[i] = ours.measure(command + " " + i).millis();
            Report.printKernels(System.out, command, Report.median(millis), ours.shares());
        }
        return 0;
    }

    private List<Workload> wanted() {
        return Workload.ALL.stream()
                .filter(workload -> only.isEmpty() || workload.command().startsWith(only.get()))
                .toList();
    }

    /// From nothing to the end of the first short step.
    private static void start(List<Contender.Program> programs, Report report) throws IOException {
        for (Contender.Program program : programs) {
            System.err.println("starting " + program.name() + " anew");
            try (Contender contender = program.start()) {
                contender.measure(Workload.FIRST);
                report.start(program.name(), contender.ageSeconds());
            }
        }
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
        programs.add(new Contender.Program("ours, 4-bit base", ours(tokens, "4bit")));
        programs.add(new Contender.Program("ours, bf16 base", ours(tokens, "bf16")));
        if (python.isEmpty()) return programs;
        String folder = peerFolder(work.resolve("peer-model")).toString();
        programs.add(new Contender.Program("PEFT, bf16", peer("serve", "bf16", folder, tokens.toString())));
        programs.add(new Contender.Program("PEFT + bitsandbytes NF4", peer("serve", "nf4", folder, tokens.toString())));
        return programs;
    }

    private List<String> ours(Path tokens, String weights) {
        return List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Xmn32m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dio.adaptermill.threads=" + threads,
                "-cp",
                System.getProperty("java.class.path"),
                OurSteps.class.getName(),
                model.toString(),
                tokens.toString(),
                weights);
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
