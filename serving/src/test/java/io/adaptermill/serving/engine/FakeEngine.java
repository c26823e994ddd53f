package io.adaptermill.serving.engine;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.generate.FinishReason;
import io.adaptermill.lora.generate.GenerationRequest;
import io.adaptermill.lora.generate.GenerationResult;
import io.adaptermill.schemas.id.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// An engine whose every token is the number in its adapter's weights, so that an answer shows which weights wrote it.
public final class FakeEngine implements Engine {
    public static final Digest BASE = Digest.of(new byte[] {1, 2, 3});

    static final int POSITIONS_MAX = 1_000_000;

    private final long stepNanos;
    private final AtomicInteger loads = new AtomicInteger();
    private volatile boolean broken;
    private volatile boolean closed;

    /// @param stepNanos how long a step takes
    public FakeEngine(long stepNanos) {
        this.stepNanos = stepNanos;
    }

    /// An adapter whose weights are the number.
    public static Adapter adapter(long number) {
        TreeMap<String, LowRank> modules = new TreeMap<>();
        FloatTensor weight = new FloatTensor(1, 1, new float[] {number});
        modules.put("model.layers.0.self_attn.q_proj", new LowRank(weight, weight));
        return new Adapter(new LoraConfig(1, 1, new TreeSet<>(List.of("q_proj"))), modules, Optional.empty());
    }

    public int loads() {
        return loads.get();
    }

    public boolean isClosed() {
        return closed;
    }

    void breakNextStep() {
        broken = true;
    }

    private record FakeWeights(long number) implements Weights {}

    private static final class FakeDecoding implements Decoding {
        private final GenerationRequest request;
        private final String token;
        private final Consumer<String> onText;
        private final List<String> said = new ArrayList<>();

        FakeDecoding(GenerationRequest request, String token, Consumer<String> onText) {
            this.request = request;
            this.token = token;
            this.onText = onText;
        }

        void step() {
            said.add(token);
            onText.accept(token);
        }

        @Override
        public boolean isFinished() {
            return said.size() >= request.tokensMax();
        }

        @Override
        public int positions() {
            return request.tokensMax();
        }

        @Override
        public GenerationResult result() {
            return new GenerationResult(String.join("", said), FinishReason.LENGTH, 1, said.size());
        }
    }

    @Override
    public Digest base() {
        return BASE;
    }

    @Override
    public Weights load(Adapter adapter) {
        loads.incrementAndGet();
        return new FakeWeights(
                (long) adapter.modules().firstEntry().getValue().a().values()[0]);
    }

    @Override
    public Decoding start(GenerationRequest request, Optional<Weights> weights, Consumer<String> onText) {
        String token = weights.map(loaded -> "v" + ((FakeWeights) loaded).number() + " ")
                .orElse("base ");
        return new FakeDecoding(request, token, onText);
    }

    @Override
    public void step(List<Decoding> batch) {
        if (closed) throw new IllegalStateException("a closed engine must not be stepped");
        if (broken) {
            broken = false;
            throw new IllegalStateException("broken for the test");
        }
        if (stepNanos > 0) LockSupport.parkNanos(stepNanos);
        batch.forEach(decoding -> ((FakeDecoding) decoding).step());
    }

    @Override
    public long positionsMax() {
        return POSITIONS_MAX;
    }

    @Override
    public void close() {
        closed = true;
    }
}
