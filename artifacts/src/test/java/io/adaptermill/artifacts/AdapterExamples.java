package io.adaptermill.artifacts;

import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// A small adapter that every test means when it says "an adapter".
public final class AdapterExamples {
    public static final String DOWN = "model.layers.0.mlp.down_proj";
    public static final String Q = "model.layers.0.self_attn.q_proj";

    private static final int RANK = 2;

    private AdapterExamples() {}

    public static AdapterArtifact artifact() {
        return artifact(adapter());
    }

    public static AdapterArtifact artifact(Adapter adapter) {
        Digest base = Digest.of("base".getBytes(StandardCharsets.UTF_8));
        Provenance provenance = new Provenance(
                VersionId.parse("acme@7"), BatchId.parse("acme#7"), Optional.of(base), base, Recipe.DEFAULT, 42);
        return new AdapterArtifact(adapter, provenance);
    }

    public static Adapter adapter() {
        SortedMap<String, LowRank> modules = new TreeMap<>();
        modules.put(DOWN, module(8, 12, 0));
        modules.put(Q, module(8, 8, 1));
        return new Adapter(config(), modules, Optional.empty());
    }

    public static Adapter withOptimizer() {
        SortedMap<String, LowRank> first = new TreeMap<>();
        SortedMap<String, LowRank> second = new TreeMap<>();
        adapter().modules().forEach((path, module) -> {
            first.put(path, module);
            second.put(path, new LowRank(squared(module.a()), squared(module.b())));
        });
        return new Adapter(config(), adapter().modules(), Optional.of(new OptimizerState(12, first, second)));
    }

    /// The same, whose weights' importance was measured: its second moments will do.
    public static Adapter withImportance() {
        OptimizerState state = withOptimizer().optimizer().orElseThrow();
        OptimizerState measured = new OptimizerState(state.step(), state.first(), state.second(), state.second());
        return new Adapter(config(), adapter().modules(), Optional.of(measured));
    }

    /// The same adapter with one weight replaced.
    public static Adapter holding(float weight) {
        SortedMap<String, LowRank> modules = new TreeMap<>(adapter().modules());
        float[] values = module(8, 8, 1).a().values().clone();
        values[3] = weight;
        modules.put(
                Q, new LowRank(new FloatTensor(RANK, 8, values), module(8, 8, 1).b()));
        return new Adapter(config(), modules, Optional.empty());
    }

    public static LoraConfig config() {
        TreeSet<String> targets = new TreeSet<>();
        targets.add("q_proj");
        targets.add("down_proj");
        return new LoraConfig(RANK, 4, targets);
    }

    private static LowRank module(int out, int in, int shift) {
        return new LowRank(tensor(RANK, in, shift), tensor(out, RANK, shift + 11));
    }

    private static FloatTensor tensor(int rows, int columns, int shift) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) values[i] = ((i * 7 + shift) % 97 - 48) / 64f;
        return new FloatTensor(rows, columns, values);
    }

    private static FloatTensor squared(FloatTensor tensor) {
        float[] values = tensor.values().clone();
        for (int i = 0; i < values.length; i++) values[i] *= values[i];
        return new FloatTensor(tensor.rows(), tensor.columns(), values);
    }
}
