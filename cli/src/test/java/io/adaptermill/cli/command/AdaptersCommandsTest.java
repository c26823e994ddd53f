package io.adaptermill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.Provenance;
import io.adaptermill.artifacts.exchange.PeftFolder;
import io.adaptermill.artifacts.merge.AdapterDistance;
import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `adapters merge`, `export`, `import` and `stored` do without a stack and without an engine.
class AdaptersCommandsTest {
    private static final Digest BASE = Digest.of("base".getBytes(StandardCharsets.UTF_8));
    private static final String Q = "model.layers.0.self_attn.q_proj";

    @TempDir
    Path root;

    private Path left = Path.of("");
    private Path right = Path.of("");

    @BeforeEach
    void write() {
        left = root.resolve("left");
        right = root.resolve("right");
        PeftFolder.write(adapter(1), BASE.value(), left);
        PeftFolder.write(adapter(2), BASE.value(), right);
    }

    @Test
    void two_folders_become_one_that_does_what_both_do() {
        // When
        Said said = run("merge", left.toString(), right.toString(), "--weights", "1,-0.5", "--to", at("merged"));

        // Then
        assertThat(said.exit()).isEqualTo(Exit.DONE);
        assertThat(said.out()).contains("rank 4", "by cat", "from the exact weighted sum");
        PeftFolder merged = PeftFolder.read(root.resolve("merged"));
        assertThat(merged.base()).contains(BASE.value());
        assertThat(merged.adapter().config().rank()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"svd", "ties", "dare", "dare-ties", "prune", "orthogonal"})
    void each_method_keeps_the_rank_it_is_given(String method) {
        // When
        Said said =
                run("merge", left.toString(), right.toString(), "--method", method, "--rank", "2", "--to", at(method));

        // Then
        assertThat(said.exit()).isEqualTo(Exit.DONE);
        assertThat(PeftFolder.read(root.resolve(method)).adapter().config().rank())
                .isEqualTo(method.equals("orthogonal") ? 4 : 2);
    }

    @Test
    void an_adapter_exported_and_merged_alone_is_still_itself() {
        // When
        Said said = run("export", left.toString(), "--to", at("copy"));

        // Then
        assertThat(said).isEqualTo(new Said(Exit.DONE, at("copy") + "\n", ""));
        assertThat(AdapterDistance.relative(
                        PeftFolder.read(root.resolve("copy")).adapter(), adapter(1)))
                .isLessThan(1e-12);
    }

    @Test
    void adapters_of_different_bases_are_not_merged() {
        // Given
        PeftFolder.write(adapter(3), Digest.of(new byte[1]).value(), root.resolve("other"));

        // When
        Said said = run("merge", left.toString(), at("other"), "--to", at("merged"));

        // Then
        assertThat(said.exit()).isEqualTo(Exit.FAILED);
        assertThat(said.err()).contains("different base models", "Next:");
        assertThat(root.resolve("merged")).doesNotExist();
    }

    @Test
    void what_is_misused_is_said_with_what_to_do_instead() throws IOException {
        assertFails(
                Exit.USAGE, "mixes one adapter's A", "merge", left.toString(), "--method", "linear", "--to", at("m"));
        assertFails(
                Exit.USAGE, "expected one of [cat, svd", "merge", left.toString(), "--method", "tie", "--to", at("m"));
        assertFails(
                Exit.USAGE, "1 adapters and 2 weights", "merge", left.toString(), "--weights", "1,2", "--to", at("m"));
        assertFails(Exit.FAILED, "give a new folder", "merge", left.toString(), "--to", right.toString());
        assertFails(Exit.NOT_FOUND, "There is no adapter nothing", "export", "nothing", "--to", at("m"));
        assertFails(
                Exit.NOT_FOUND, "There is no file", "fuse", left.toString(), "--examples", at("no"), "--to", at("m"));
        Path thumbs =
                Files.writeString(root.resolve("thumbs"), "{\"prompt\":\"a\",\"completion\":\"b\",\"label\":true}");
        assertFails(
                Exit.FAILED,
                "more than demonstrations",
                "fuse",
                left.toString(),
                "--examples",
                thumbs.toString(),
                "--to",
                at("m"));
        Files.writeString(left.resolve("adapter_config.json"), "{}");
        assertFails(Exit.FAILED, "peft_type must be LORA", "export", left.toString(), "--to", at("m"));
        assertFails(Exit.NOT_FOUND, "no artifact store", "stored", "--store", at("nowhere"));
    }

    @Test
    void the_library_lists_versions_with_their_bases_and_names_what_has_rotted() throws IOException {
        // Given
        FileArtifactStore store = new FileArtifactStore(root.resolve("store"));
        Digest good = store.put(artifact("acme#2", 1));
        Digest bad = store.put(artifact("globex#1", 2));
        Files.writeString(store.folder(bad).resolve("adapter_config.json"), "{}");

        // When
        Said said = run("stored", "--store", at("store"), "--output", "json");

        // Then
        assertThat(said.exit()).isEqualTo(Exit.FAILED);
        assertThat(said.out())
                .contains("\"acme@2\"", BASE.value(), good.value())
                .doesNotContain("globex");
        assertThat(said.err()).contains(bad.hex(), "adapter_config.json");
    }

    @Test
    void a_stored_artifact_is_named_by_its_digest() {
        // Given
        FileArtifactStore store = new FileArtifactStore(root.resolve("store"));
        Digest digest = store.put(artifact("acme#2", 1));

        // When
        Said said = run("export", digest.value(), "--store", at("store"), "--to", at("out"));

        // Then
        assertThat(said.exit()).isEqualTo(Exit.DONE);
        assertThat(PeftFolder.read(root.resolve("out")))
                .isEqualTo(new PeftFolder(adapter(1), Optional.of(BASE.value())));
    }

    private void assertFails(int exit, String reason, String... words) {
        Said said = run(words);
        assertThat(said.exit()).as(said.err()).isEqualTo(exit);
        assertThat(said.out() + said.err()).contains(reason, "Next:");
    }

    private String at(String name) {
        return root.resolve(name).toString();
    }

    private static AdapterArtifact artifact(String batch, int shift) {
        BatchId id = BatchId.parse(batch);
        return new AdapterArtifact(
                adapter(shift), new Provenance(VersionId.of(id), id, Optional.empty(), BASE, Recipe.DEFAULT, 1));
    }

    private static Adapter adapter(int shift) {
        TreeMap<String, LowRank> modules = new TreeMap<>();
        modules.put(Q, new LowRank(tensor(2, 6, shift), tensor(8, 2, shift + 11)));
        TreeSet<String> targets = new TreeSet<>();
        targets.add("q_proj");
        return new Adapter(new LoraConfig(2, 4, targets), modules, Optional.empty());
    }

    private static FloatTensor tensor(int rows, int columns, int shift) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) values[i] = ((i * 31 + shift * 7) % 97 - 48) / 64f;
        return new FloatTensor(rows, columns, values);
    }

    private Said run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(print(out), print(err), false, false);
        String[] all = new String[words.length + 1];
        all[0] = "adapters";
        System.arraycopy(words, 0, all, 1, words.length);
        int exit = CommandTree.of(new Session(root, terminal)).execute(all);
        return new Said(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /// What a command did.
    private record Said(int exit, String out, String err) {}
}
