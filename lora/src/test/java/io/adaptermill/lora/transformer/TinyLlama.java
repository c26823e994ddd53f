package io.adaptermill.lora.transformer;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.quant.DenseTensor;
import io.adaptermill.lora.quant.FrozenTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A llama of 40,000 weights, drawn by name: the model that `make_peft_golden.py` draws too.
public final class TinyLlama {
    public static final ModelConfig CONFIG =
            new ModelConfig(150, 2, 32, 48, 4, 2, 32, 256, 10_000, 1e-5, Set.of(ModelConfig.Feature.TIED_EMBEDDINGS));
    public static final int RANK = 4;
    private static final int[][] LENGTHS = {{20, 8}, {13, 5}, {7, 3}, {18, 9}};

    private TinyLlama() {}

    /// Its memory goes with it: whoever gets it closes it.
    @SuppressWarnings("MustBeClosedChecker")
    public static Checkpoint checkpoint() {
        Arena memory = Arena.ofShared();
        SequencedMap<String, FrozenTensor> tensors = new LinkedHashMap<>();
        CONFIG.tensors().forEach((name, shape) -> {
            float[] numbers = numbers(1, name, shape.rows() * shape.columns(), 1);
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = name.contains("norm") ? 1 + 0.1f * numbers[i] : 0.3f * numbers[i];
            }
            MemorySegment data = memory.allocate(4L * numbers.length, 64);
            data.copyFrom(MemorySegment.ofArray(numbers));
            tensors.put(name, new DenseTensor(shape.rows(), shape.columns(), DenseTensor.Format.F32, data));
        });
        return new Checkpoint(CONFIG, tensors, memory);
    }

    public static LoraConfig lora() {
        TreeSet<String> targets = new TreeSet<>();
        Stream.of(Linear.values()).map(Linear::target).forEach(targets::add);
        return new LoraConfig(RANK, 2.0 * RANK, targets);
    }

    /// An adapter that already changes something, drawn by its seed.
    public static Adapter adapter(long seed) {
        return adapter(lora(), seed);
    }

    public static Adapter adapter(LoraConfig config, long seed) {
        SortedMap<String, LowRank> modules = new TreeMap<>();
        for (AdapterLayout.Slot slot : new AdapterLayout(CONFIG, config).slots()) {
            int rank = slot.rank();
            FloatTensor a =
                    new FloatTensor(rank, slot.in(), numbers(seed, slot.path() + ".lora_A", rank * slot.in(), 0.2f));
            FloatTensor b =
                    new FloatTensor(slot.out(), rank, numbers(seed, slot.path() + ".lora_B", rank * slot.out(), 0.2f));
            modules.put(slot.path(), new LowRank(a, b));
        }
        return new Adapter(config, modules, Optional.empty());
    }

    /// Sequence 0 to 3 of the golden file.
    public static TokenSequence sequence(int index) {
        int[] tokens = new int[LENGTHS[index][0]];
        CounterRandom random = new CounterRandom(3, "tokens " + index);
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = (int) Long.remainderUnsigned(random.bits(i), CONFIG.vocabulary());
        }
        return new TokenSequence(tokens, LENGTHS[index][1]);
    }

    private static float[] numbers(long seed, String name, int count, float scale) {
        CounterRandom random = new CounterRandom(seed, name);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) numbers[i] = scale * random.symmetric(i);
        return numbers;
    }
}
