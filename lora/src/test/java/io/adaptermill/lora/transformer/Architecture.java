package io.adaptermill.lora.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.source.BaseStorage;
import io.adaptermill.lora.source.ModelFiles;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// A tiny random model of one architecture, and what transformers computes for it (`make_architecture_golden.py`).
///
/// @param name its folder among the golden files; with `.gguf` added, the same model as a GGUF file (`llama-k` is one
/// only)
/// @param golden tokens, logits, an adapter, its loss and gradient
public record Architecture(String name, JsonNode golden) {
    public static final List<String> FOLDERS =
            List.of("llama", "llama-linear", "llama-biased", "mistral", "qwen2", "qwen3");
    public static final List<String> GGUF =
            List.of("llama.gguf", "llama-linear.gguf", "llama-k.gguf", "qwen2.gguf", "qwen3.gguf");
    private static final int RANK = 2;

    public static Architecture of(String name) {
        return new Architecture(name, Golden.json("architectures/" + name.replace(".gguf", "") + "/golden.json"));
    }

    public Checkpoint checkpoint() {
        return ModelFiles.at(Golden.path("architectures/" + name)).readCheckpoint(BaseStorage.AS_STORED);
    }

    public int[] tokens() {
        int[] tokens = new int[golden.path("tokens").size()];
        for (int i = 0; i < tokens.length; i++)
            tokens[i] = golden.path("tokens").get(i).intValue();
        return tokens;
    }

    /// `[tokens, vocabulary]`, of the base alone.
    public float[] logits() {
        return floats(golden.path("logits"));
    }

    /// Mean negative log-likelihood of every token but the first, with the adapter.
    public double loss() {
        return golden.path("loss").doubleValue();
    }

    public Adapter adapter() {
        TreeSet<String> targets = new TreeSet<>(List.of("q_proj", "k_proj", "gate_proj"));
        return new Adapter(new LoraConfig(RANK, 2.0 * RANK, targets), modules("adapter"), Optional.empty());
    }

    public SortedMap<String, LowRank> gradient() {
        return modules("gradient");
    }

    private SortedMap<String, LowRank> modules(String key) {
        SortedMap<String, LowRank> modules = new TreeMap<>();
        golden.path(key).fieldNames().forEachRemaining(name -> {
            if (!name.endsWith(".lora_A")) return;
            String path = name.substring(0, name.length() - ".lora_A".length());
            float[] a = floats(golden.path(key).path(name));
            float[] b = floats(golden.path(key).path(path + ".lora_B"));
            modules.put(
                    path,
                    new LowRank(new FloatTensor(RANK, a.length / RANK, a), new FloatTensor(b.length / RANK, RANK, b)));
        });
        return modules;
    }

    private static float[] floats(JsonNode array) {
        float[] floats = new float[array.size()];
        for (int i = 0; i < floats.length; i++) floats[i] = array.get(i).floatValue();
        return floats;
    }
}
