package io.adaptermill.lora.bench;

import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.optim.AdamW;
import io.adaptermill.lora.optim.AdapterStart;
import io.adaptermill.lora.source.BaseStorage;
import io.adaptermill.lora.train.MicroBatches;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Times whole training steps, all tokens labelled, and prints one JSON line:
/// `StepBench MODEL TEXT [STEPS [SEQUENCES LENGTH]]`.
///
/// MODEL is a GGUF file or a Hugging Face folder, TEXT any text of a few thousand tokens.
public final class StepBench {
    private static final int RANK = 8;

    private final BaseModel base;
    private final int[] tokens;
    private final Kernels kernels;
    private final Decoder decoder;
    private final AdapterParameters weights;
    private final AdapterParameters gradients;
    private final AdamW.Moments moments;
    private final AdapterLayers layers;
    private final AdamW optimizer = new AdamW(0.01, 1.0);
    private long step;
    private double loss;

    private StepBench(BaseModel base, int[] tokens, Kernels kernels, Decoder decoder, Workspace memory) {
        this.base = base;
        this.tokens = tokens;
        this.kernels = kernels;
        this.decoder = decoder;
        TreeSet<String> targets = new TreeSet<>();
        Stream.of(Linear.values()).map(Linear::target).forEach(targets::add);
        AdapterLayout layout = new AdapterLayout(base.config(), new LoraConfig(RANK, 2.0 * RANK, targets));
        weights = new AdapterParameters(layout, memory);
        gradients = new AdapterParameters(layout, memory);
        moments = new AdamW.Moments(new AdapterParameters(layout, memory), new AdapterParameters(layout, memory));
        layers = new AdapterLayers(layout, memory, kernels.precision());
        AdapterStart.draw(weights, 1);
        layers.load(kernels, weights);
    }

    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments[0]);
        int steps = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 12;
        long opening = System.nanoTime();
        try (BaseModel base = BaseModel.open(model, BaseStorage.FOUR_BITS, Precision.BF16);
                Kernels kernels = Kernels.open(Precision.BF16, Kernels.threads());
                Workspace memory = new Workspace();
                Decoder decoder = new Decoder(base.decoder(), kernels)) {
            double openSeconds = (System.nanoTime() - opening) / 1e9;
            int[] tokens = base.text().encode(Files.readString(Path.of(arguments[1])));
            StepBench bench = new StepBench(base, tokens, kernels, decoder, memory);
            PrintStream out = System.out;
            out.printf("{\"storage\":\"%s\",\"open_s\":%.2f", bench.storage(), openSeconds);
            if (arguments.length > 4) {
                bench.measure(out, Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]), 8, steps);
            } else {
                bench.measure(out, 8, 128, 5, steps);
                bench.measure(out, 1, 64, 10, 3 * steps);
            }
            out.printf(",\"peak_rss_mb\":%d}%n", peakMegabytes());
        }
    }

    private void measure(PrintStream out, int sequences, int length, int warmUp, int steps) {
        double[] millis = new double[steps];
        double cpu = 0;
        for (int i = -warmUp; i < steps; i++) {
            if (i == 0) cpu = cpuMillis();
            long start = System.nanoTime();
            step(sequences, length, i + warmUp);
            if (i == -warmUp) out.printf(",\"loss_first_%dx%d\":%.4f", sequences, length, loss);
            if (i >= 0) millis[i] = (System.nanoTime() - start) / 1e6;
        }
        cpu = (cpuMillis() - cpu) / steps;
        Arrays.sort(millis);
        String name = sequences + "x" + length;
        out.printf(",\"ms_%s\":%.1f,\"ms_min_%s\":%.1f", name, millis[steps / 2], name, millis[0]);
        out.printf(",\"cpu_ms_%s\":%.1f,\"loss_%s\":%.4f", name, cpu, name, loss);
    }

    private void step(int sequences, int length, int index) {
        List<TokenSequence> batch = new ArrayList<>();
        int size = sequences * length;
        int first = index % (tokens.length / size) * size;
        for (int i = 0; i < sequences; i++) {
            int from = first + i * length;
            batch.add(new TokenSequence(Arrays.copyOfRange(tokens, from, from + length), 1));
        }
        TokenBatch packed = TokenBatch.of(batch, MicroBatches.SCORES_MAX);
        double[] weight = new double[packed.labels()];
        Arrays.fill(weight, 1.0 / weight.length);
        double[] nats = decoder.learn(packed, layers, unused -> weight, gradients);
        loss = Arrays.stream(nats).average().orElseThrow();
        optimizer.update(kernels, weights, gradients, moments, ++step, 1e-4, optimizer.norm(kernels, gradients));
        gradients.values().clear();
        layers.load(kernels, weights);
    }

    /// Of all threads: what counts when something else runs on the machine.
    private static double cpuMillis() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e6;
    }

    private String storage() {
        return base.decoder()
                .layer(0)
                .linears()
                .values()
                .iterator()
                .next()
                .parts()
                .getFirst()
                .storage();
    }

    private static long peakMegabytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(-1);
        }
    }
}
