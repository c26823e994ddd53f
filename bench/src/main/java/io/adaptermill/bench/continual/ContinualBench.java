package io.adaptermill.bench.continual;

import io.adaptermill.lora.BaseModel;
import io.adaptermill.schemas.policy.Continual;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/// `bench/continual.sh`: a table of what each kind of [Continual] leaves of five tasks in a row.
@CommandLine.Command(
        name = "bench/continual.sh",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Trains five tasks in a row, and asks what is left of each.")
final class ContinualBench implements Callable<Integer> {
    @CommandLine.Parameters(index = "0", paramLabel = "MODEL", description = "GGUF file or Hugging Face folder")
    private Path model = Path.of("model.gguf");

    @CommandLine.Parameters(
            index = "1..*",
            paramLabel = "KIND",
            description = "none, replay, ewc, olora or kl, also with a number, such as ewc=1e5; default: each")
    private List<String> kinds = List.of();

    @CommandLine.Option(
            names = "--seeds",
            split = ",",
            paramLabel = "SEED",
            defaultValue = "11,12,13",
            description = "a run of each kind for each; default: ${DEFAULT-VALUE}")
    private List<Long> seeds = List.of();

    private final List<Desk> desks = Desk.all();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ContinualBench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Path folder = Path.of(System.getProperty("adaptermill.bench", "bench"));
        Outcomes outcomes = new Outcomes(folder.resolve("target/continual-" + model.getFileName() + ".tsv"));
        List<Continual> tried =
                kinds.isEmpty() ? Tried.ALL : kinds.stream().map(Tried::of).toList();
        System.out.println(Outcomes.heading());
        for (Continual continual : tried) {
            List<Outcome> ofSeeds = new ArrayList<>();
            for (long seed : seeds) ofSeeds.add(outcome(outcomes, continual, seed));
            System.out.println(Outcomes.row(ofSeeds));
        }
        return 0;
    }

    private Outcome outcome(Outcomes outcomes, Continual continual, long seed) throws IOException {
        String kind = Tried.label(continual);
        Optional<Outcome> known = outcomes.find(kind, seed);
        if (known.isPresent()) return known.get();
        System.err.println("measuring " + kind + ", seed " + seed);
        try (BaseModel base = BaseModel.open(model)) {
            long start = System.nanoTime();
            Retention left = new Lineage(base, desks, continual, seed).learn();
            Outcome measured = Outcome.of(kind, seed, left, (System.nanoTime() - start) / 1e9);
            outcomes.add(measured);
            return measured;
        }
    }
}
