package io.adaptermill.bench.poison;

import io.adaptermill.lora.BaseModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench/poison.sh MODEL [--only NAME …]`: runs what is not known yet, and writes docs/POISONING.md of all that is.
@Command(
        name = "bench/poison.sh",
        mixinStandardHelpOptions = true,
        description =
                "What poisoned feedback gets through defences and gates, on a real model; writes docs/POISONING.md."
                        + " Trials that were run before are not run again: delete bench/target/poison to begin anew.")
public final class Poison implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "A GGUF file or a Hugging Face folder.")
    private Path model = Path.of("");

    @Option(names = "--only", paramLabel = "NAME", description = "Only this attack; may be repeated.")
    private List<String> only = new ArrayList<>();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Poison()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Path folder = Path.of(System.getProperty("adaptermill.bench", "bench")).toAbsolutePath();
        Path known = Files.createDirectories(folder.resolve("target").resolve("poison"));
        List<Attack> attacks = Attack.ALL.stream()
                .filter(attack -> only.isEmpty() || only.contains(attack.name()))
                .toList();
        if (attacks.isEmpty()) {
            throw new IllegalArgumentException("--only must name one of "
                    + Attack.ALL.stream().map(Attack::name).toList());
        }
        try (BaseModel base = BaseModel.open(model)) {
            PoisonBench bench = new PoisonBench(base, known.resolve("store"));
            for (Attack attack : attacks) {
                for (double share : attack.shares()) {
                    Path file = PoisonReport.file(known, attack, share);
                    if (Files.exists(file)) continue;
                    long start = System.nanoTime();
                    Files.writeString(file, PoisonReport.row(bench.run(attack, share)) + "\n");
                    System.out.printf(
                            Locale.ROOT,
                            "%s, %.0f s: %s",
                            attack.name(),
                            (System.nanoTime() - start) / 1e9,
                            Files.readString(file));
                }
            }
        }
        Files.writeString(folder.resolveSibling("docs").resolve("POISONING.md"), PoisonReport.page(known));
        return 0;
    }
}
