package io.adaptermill.lora.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.source.BaseStorage;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes what our model makes of some texts, in float32 over the 4-bit base:
/// `LogitDump MODEL ARTIFACT TEXTS OUT`.
///
/// TEXTS is a JSON array of strings. OUT becomes a folder with `tokens.json`, a list of token ids for each
/// text, and `base-N.f32` and `adapter-N.f32`, the logits `[tokens - 1, vocabulary]` of text N without and with
/// the adapter: little-endian, row t predicts token t + 1. `scripts/peft-check.py` compares them with Hugging
/// Face's.
public final class LogitDump {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SCORES_MAX = 1 << 22;

    private LogitDump() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            throw new IllegalArgumentException("usage: LogitDump MODEL ARTIFACT TEXTS.json OUT_FOLDER");
        }
        Adapter adapter = FileArtifactStore.read(Path.of(arguments[1])).adapter();
        List<String> texts = List.of(JSON.readValue(Path.of(arguments[2]).toFile(), String[].class));
        Path out = Files.createDirectories(Path.of(arguments[3]));
        try (BaseModel base = BaseModel.open(Path.of(arguments[0]), BaseStorage.configured(), Precision.F32);
                Kernels kernels = Kernels.open(Precision.F32, Kernels.threads());
                Workspace memory = new Workspace();
                Decoder decoder = new Decoder(base.decoder(), kernels)) {
            AdapterLayers layers = AdapterLayers.of(adapter, base.decoder(), kernels, memory);
            List<int[]> tokens = new ArrayList<>();
            for (String text : texts) tokens.add(base.text().encode(text));
            JSON.writeValue(
                    out.resolve("tokens.json").toFile(), Map.of("fingerprint", base.fingerprint(), "tokens", tokens));
            for (int i = 0; i < tokens.size(); i++) {
                TokenBatch batch = TokenBatch.of(List.of(new TokenSequence(tokens.get(i), 1)), SCORES_MAX);
                write(out.resolve("base-" + i + ".f32"), decoder.logits(batch, Optional.empty()), batch.labels());
                write(out.resolve("adapter-" + i + ".f32"), decoder.logits(batch, Optional.of(layers)), batch.labels());
            }
        }
    }

    private static void write(Path file, Tensor logits, int rows) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(channel)) {
            long bytes = 4L * rows * logits.columns();
            out.write(logits.memory().asSlice(0, bytes).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
        }
    }
}
