package io.adaptermill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.exchange.PeftFolder;
import io.adaptermill.artifacts.matrix.SeededBits;
import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.testkit.TestModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands that need the base model, on SmolLM2-135M.
class AdaptersEngineTest {
    private static final int RANK = 2;
    private static final Path TINY = Path.of("..", "lora", "src", "test", "resources", "golden", "tiny-bf16");

    @TempDir
    Path root;

    @Test
    void a_foreign_folder_is_imported_certified_for_servers_written_for_llama_cpp_and_fused() throws IOException {
        // Given
        PeftFolder.write(adapter(576), "somebody/base", root.resolve("foreign"));
        Files.createDirectories(root.resolve("store"));
        Path examples = Files.writeString(root.resolve("examples"), "{\"prompt\":\"Tea?\",\"completion\":\"Yes.\"}\n");

        // When
        Said imported = run("import", at("foreign"), "--tenant", "acme", "--store", at("store"));
        String digest = imported.out().strip();
        Said serving = run("export", digest, "--store", at("store"), "--format", "serving", "--to", at("serving"));
        Said gguf = run("export", digest, "--store", at("store"), "--format", "gguf", "--to", at("gguf"));
        Said fused = run(
                "fuse",
                at("foreign"),
                "--examples",
                examples.toString(),
                "--evaluations",
                "3",
                "--l1",
                "0",
                "--to",
                at("f"));

        // Then
        assertThat(imported.exit()).as(imported.err()).isEqualTo(Exit.DONE);
        Adapter kept = new FileArtifactStore(root.resolve("store"))
                .get(new Digest(digest))
                .adapter();
        assertThat(kept.modules()).hasSize(30).containsAllEntriesOf(adapter(576).modules());
        assertThat(serving.exit()).as(serving.err()).isEqualTo(Exit.DONE);
        assertThat(serving.out()).contains("certified");
        assertThat(Files.readString(root.resolve("serving/certificate.json"))).contains(digest);
        assertThat(gguf.exit()).as(gguf.err()).isEqualTo(Exit.DONE);
        assertThat(root.resolve("gguf/adapter.gguf")).isRegularFile();
        assertThat(fused.out() + fused.err()).contains("nats per token; base model:");
    }

    @Test
    void a_model_is_written_with_an_adapter_in_its_weights_and_what_four_bits_would_lose_is_said() throws IOException {
        // Given
        PeftFolder.write(adapter(64), "somebody/base", root.resolve("small"));

        // When
        Said whole = runOn(TINY, "export", at("small"), "--format", "model", "--bf16", "--to", at("whole"));
        Said again = runOn(TINY, "export", at("small"), "--format", "model", "--to", at("whole"));
        Said shapeless = run("export", at("small"), "--format", "model", "--to", at("none"));

        // Then
        assertThat(whole.exit()).as(whole.err()).isEqualTo(Exit.DONE);
        assertThat(whole.out()).contains("2 weights with the adapter in them", "stored as the base is (nf4+dq)");
        assertThat(root.resolve("whole/model.safetensors")).isRegularFile();
        assertThat(Files.readString(root.resolve("whole/config.json"))).contains("bfloat16");
        assertThat(again.exit()).isEqualTo(Exit.FAILED);
        assertThat(again.err()).contains("give a new folder with --to");
        assertThat(shapeless.exit()).isNotEqualTo(Exit.DONE);
    }

    @Test
    void a_folder_of_another_base_is_not_imported() {
        // Given
        PeftFolder.write(adapter(64), "somebody/base", root.resolve("small"));
        PeftFolder.write(adapter(576), Digest.of(new byte[1]).value(), root.resolve("other"));
        assertThat(root.resolve("store").toFile().mkdir()).isTrue();

        // When
        Said small = run("import", at("small"), "--tenant", "acme", "--store", at("store"));
        Said other = run("import", at("other"), "--tenant", "acme", "--store", at("store"));

        // Then
        assertThat(small.exit()).isEqualTo(Exit.FAILED);
        assertThat(small.err()).contains("does not fit", "576 x 576");
        assertThat(other.exit()).isEqualTo(Exit.FAILED);
        assertThat(other.err()).contains("belongs to the base model sha256:");
        assertThat(new FileArtifactStore(root.resolve("store")).digests()).isEmpty();
    }

    private String at(String name) {
        return root.resolve(name).toString();
    }

    private static Adapter adapter(int width) {
        TreeMap<String, LowRank> modules = new TreeMap<>();
        for (int layer = 0; layer < 2; layer++) {
            String path = "model.layers." + layer + ".self_attn.q_proj";
            modules.put(path, new LowRank(numbers(path, RANK, width), numbers(path, width, RANK)));
        }
        return new Adapter(new LoraConfig(RANK, 4, new TreeSet<>(List.of("q_proj"))), modules, Optional.empty());
    }

    private static FloatTensor numbers(String name, int rows, int columns) {
        SeededBits bits = new SeededBits(rows, name);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) values[i] = (float) (0.1 * (bits.unit(i) - 0.5));
        return new FloatTensor(rows, columns, values);
    }

    private Said run(String... words) {
        return runOn(TestModel.path(), words);
    }

    private Said runOn(Path model, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(print(out), print(err), false, false);
        String[] all = new String[words.length + 3];
        all[0] = "adapters";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--model";
        all[words.length + 2] = model.toString();
        int exit = CommandTree.of(new Session(root, terminal)).execute(all);
        return new Said(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /// What a command did.
    private record Said(int exit, String out, String err) {}
}
