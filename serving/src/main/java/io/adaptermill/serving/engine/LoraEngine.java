package io.adaptermill.serving.engine;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.generate.Generation;
import io.adaptermill.lora.generate.GenerationRequest;
import io.adaptermill.lora.generate.GenerationResult;
import io.adaptermill.lora.generate.Generator;
import io.adaptermill.lora.generate.LoadedAdapter;
import io.adaptermill.lora.generate.Sampling;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Our own generator in this process. Owns the base model.
public final class LoraEngine implements Engine {
    private static final Logger LOGGER = LoggerFactory.getLogger(LoraEngine.class);
    private static final int WARM_UP_ANSWERS = 4;
    private static final int WARM_UP_TOKENS = 24;

    private final BaseModel base;
    private final Generator generator;

    private LoraEngine(BaseModel base, Generator generator) {
        this.base = base;
        this.generator = generator;
    }

    /// Computes a few tokens, so that the first real answer finds compiled code.
    ///
    /// @param base closed with the engine
    /// @param context most tokens of a conversation with its answer
    public static LoraEngine open(BaseModel base, int threads, int context) {
        long startNanos = System.nanoTime();
        LoraEngine engine = new LoraEngine(base, new Generator(base, threads, context));
        engine.warmUp();
        LOGGER.atInfo()
                .addKeyValue("base", base.fingerprint())
                .addKeyValue(
                        "millis",
                        Duration.ofNanos(System.nanoTime() - startNanos).toMillis())
                .log("base model warmed up");
        return engine;
    }

    private record LoraWeights(LoadedAdapter adapter) implements Weights {}

    private record LoraDecoding(Generation generation) implements Decoding {
        @Override
        public boolean isFinished() {
            return generation.isFinished();
        }

        @Override
        public int positions() {
            return generation.positions();
        }

        @Override
        public GenerationResult result() {
            return generation.result();
        }
    }

    @Override
    public Digest base() {
        return new Digest(base.fingerprint());
    }

    @Override
    public Weights load(Adapter adapter) {
        return new LoraWeights(generator.load(adapter));
    }

    @Override
    public Decoding start(GenerationRequest request, Optional<Weights> weights, Consumer<String> onText) {
        Optional<LoadedAdapter> adapter = weights.map(loaded -> switch (loaded) {
            case LoraWeights(LoadedAdapter own) -> own;
            default -> throw new IllegalStateException("weights must come from this engine's load");
        });
        return new LoraDecoding(generator.start(request, adapter, onText));
    }

    @Override
    public void step(List<Decoding> batch) {
        generator.step(batch.stream()
                .map(decoding -> ((LoraDecoding) decoding).generation())
                .toList());
    }

    /// Half the heap may hold keys and values.
    @Override
    public long positionsMax() {
        return Runtime.getRuntime().maxMemory() / 2 / generator.positionBytes();
    }

    @Override
    public void close() {
        generator.close();
        base.close();
    }

    private void warmUp() {
        GenerationRequest request =
                new GenerationRequest(Prompt.ofUser("Count to ten."), WARM_UP_TOKENS, Sampling.GREEDY, List.of());
        List<Generation> answers = new ArrayList<>();
        for (int i = 0; i < WARM_UP_ANSWERS; i++) answers.add(generator.start(request, Optional.empty(), _ -> {}));
        while (answers.stream().anyMatch(answer -> !answer.isFinished())) generator.step(answers);
    }
}
