package io.adaptermill.artifacts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.artifacts.AdapterExamples;
import io.adaptermill.artifacts.ArtifactFiles;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.Manifest;
import io.adaptermill.artifacts.Manifest.FileProof;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What an attacker, or a failing disk, may have done to an artifact: all of it is refused, with the reason.
class PoisonedArtifactTest {
    @TempDir
    Path root;

    /// Changes a stored artifact.
    interface Change {
        /// @return the digest to ask for
        Digest apply(Path root, Path folder) throws IOException;
    }

    record Poison(String name, Change change, String why) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Poison> poisons() {
        return Stream.of(
                unproven(
                        "one bit of the weights",
                        ArtifactFiles.WEIGHTS,
                        bytes -> flipped(bytes, bytes.length - 1),
                        "the manifest says"),
                unproven(
                        "truncated weights",
                        ArtifactFiles.WEIGHTS,
                        bytes -> Arrays.copyOf(bytes, 100),
                        "the manifest says"),
                unproven("empty weights", ArtifactFiles.WEIGHTS, bytes -> new byte[0], "the manifest says"),
                unproven(
                        "longer weights",
                        ArtifactFiles.WEIGHTS,
                        bytes -> Arrays.copyOf(bytes, bytes.length + 1),
                        "the manifest says"),
                unproven(
                        "one bit of the configuration",
                        ArtifactFiles.CONFIG,
                        bytes -> flipped(bytes, 5),
                        "the manifest says"),
                unproven(
                        "one bit of the optimizer",
                        ArtifactFiles.OPTIMIZER,
                        bytes -> flipped(bytes, 300),
                        "the manifest says"),
                unproven("one bit of the manifest", ArtifactFiles.MANIFEST, bytes -> flipped(bytes, 9), "its name is"),
                unproven("a manifest of 2 MiB", ArtifactFiles.MANIFEST, bytes -> new byte[2 << 20], "are read"),
                new Poison(
                        "a file too many",
                        (root, folder) -> {
                            Files.writeString(folder.resolve("evil.bin"), "x");
                            return named(folder);
                        },
                        "must hold"),
                new Poison(
                        "a file too few",
                        (root, folder) -> {
                            Files.delete(folder.resolve(ArtifactFiles.OPTIMIZER));
                            return named(folder);
                        },
                        "must hold"),
                new Poison(
                        "no manifest",
                        (root, folder) -> {
                            Files.delete(folder.resolve(ArtifactFiles.MANIFEST));
                            return named(folder);
                        },
                        "regular file expected"),
                new Poison(
                        "a link instead of the weights",
                        (root, folder) -> {
                            Path elsewhere = root.resolve("elsewhere");
                            Files.move(folder.resolve(ArtifactFiles.WEIGHTS), elsewhere);
                            Files.createSymbolicLink(folder.resolve(ArtifactFiles.WEIGHTS), elsewhere);
                            return named(folder);
                        },
                        "regular file expected"),
                manifest(
                        "a path out of the folder",
                        json -> json.replace("\"adapter_config.json\":", "\"../../secret\":"),
                        "is no manifest"),
                manifest(
                        "an absolute path",
                        json -> json.replace("\"adapter_config.json\":", "\"/etc/passwd\":"),
                        "is no manifest"),
                manifest(
                        "a pickle", json -> json.replace(ArtifactFiles.WEIGHTS, "adapter_model.bin"), "is no manifest"),
                manifest(
                        "an unknown field",
                        json -> json.replace("{\"format\":1", "{\"run\":\"rm\",\"format\":1"),
                        "is no manifest"),
                manifest(
                        "a field twice",
                        json -> json.replace("{\"format\":1", "{\"format\":1,\"format\":1"),
                        "is no manifest"),
                manifest("another format", json -> json.replace("\"format\":1", "\"format\":2"), "is no manifest"),
                manifest("deep nesting", json -> "[".repeat(10_000), "is no manifest"),
                manifest("zero bytes", json -> "\0".repeat(1000), "is no manifest"),
                manifest("another tenant's batch", json -> json.replace("acme#7", "evil#7"), "is no manifest"),
                manifest(
                        "a size that is not the file's",
                        json -> json.replaceFirst("\"sizeBytes\":\\d+", "\"sizeBytes\":1"),
                        "the manifest says"),
                proven("NaN", ArtifactFiles.WEIGHTS, bytes -> withLastFloat(bytes, Float.NaN), "sane"),
                proven(
                        "infinity",
                        ArtifactFiles.WEIGHTS,
                        bytes -> withLastFloat(bytes, Float.POSITIVE_INFINITY),
                        "sane"),
                proven(
                        "minus infinity",
                        ArtifactFiles.WEIGHTS,
                        bytes -> withLastFloat(bytes, Float.NEGATIVE_INFINITY),
                        "sane"),
                proven(
                        "a claim of magnitudes that are not there",
                        ArtifactFiles.CONFIG,
                        bytes -> replaced(bytes, "\"use_dora\" : false", "\"use_dora\" : true"),
                        "the weights say otherwise"),
                proven(
                        "a claim of routers that are not there",
                        ArtifactFiles.CONFIG,
                        bytes -> replaced(bytes, "\"LORA\"", "\"LORA_MIXTURE\", \"router_top_k\" : 2"),
                        "the weights say otherwise"),
                proven("1e38", ArtifactFiles.WEIGHTS, bytes -> withLastFloat(bytes, 1e38f), "sane"),
                proven(
                        "an optimizer with NaN",
                        ArtifactFiles.OPTIMIZER,
                        bytes -> withLastFloat(bytes, Float.NaN),
                        "sane"),
                proven(
                        "a negative second moment",
                        ArtifactFiles.OPTIMIZER,
                        bytes -> withLastFloat(bytes, -1),
                        "negative"),
                proven("no step", ArtifactFiles.OPTIMIZER, bytes -> replaced(bytes, "\"step\"", "\"stop\""), "step"),
                proven(
                        "a step that is no count",
                        ArtifactFiles.OPTIMIZER,
                        bytes -> replaced(bytes, "\"12\"", "\"-2\""),
                        "step"),
                proven(
                        "a pickle under a good name",
                        ArtifactFiles.WEIGHTS,
                        bytes -> new byte[] {(byte) 0x80, 2, 'c', 'o', 's', '\n', 's', 'y', 's', '.'},
                        "header"),
                proven(
                        "16-bit weights",
                        ArtifactFiles.WEIGHTS,
                        bytes -> replaced(bytes, "\"F32\",\"shape\":[2,12]", "\"F16\",\"shape\":[4,12]"),
                        "F32"),
                proven(
                        "a cube",
                        ArtifactFiles.WEIGHTS,
                        bytes -> replaced(bytes, "[2,12],\"data_offsets\":[0,96]", "[2,2,6],\"data_offsets\":[0,96]"),
                        ""),
                proven(
                        "another rank",
                        ArtifactFiles.WEIGHTS,
                        bytes -> replaced(bytes, "[2,12]", "[3,8] "),
                        "different ranks"),
                proven(
                        "another rank than the configuration's",
                        ArtifactFiles.CONFIG,
                        bytes -> replaced(bytes, "\"r\" : 2", "\"r\" : 3"),
                        "rank"),
                proven(
                        "another target",
                        ArtifactFiles.CONFIG,
                        bytes -> replaced(bytes, "\"q_proj\"", "\"k_proj\""),
                        "targets"),
                proven(
                        "a factor without its partner",
                        ArtifactFiles.WEIGHTS,
                        bytes -> replaced(bytes, "q_proj.lora_B", "x_proj.lora_B"),
                        ""),
                proven(
                        "a tensor of the base model",
                        ArtifactFiles.WEIGHTS,
                        bytes -> replaced(
                                bytes, "base_model.model.model.layers.0.mlp", "best_model.model.model.layers.0.mlp"),
                        "not one of an adapter"),
                proven(
                        "duplicate JSON keys",
                        ArtifactFiles.CONFIG,
                        bytes -> replaced(bytes, "\"revision\" : null", "\"r\" : 2         "),
                        "JSON"));
    }

    @ParameterizedTest
    @MethodSource("poisons")
    void a_poisoned_artifact_is_refused_with_the_reason(Poison poison) throws IOException {
        // Given
        FileArtifactStore store = new FileArtifactStore(root);
        Digest good = store.put(AdapterExamples.artifact(AdapterExamples.withOptimizer()));
        Digest bad = poison.change.apply(root, store.folder(good));

        // When, Then
        assertThatThrownBy(() -> store.get(bad))
                .isInstanceOf(MalformedFile.class)
                .hasMessageContaining(poison.why)
                .hasMessageContaining("again");
    }

    /// A change that leaves the manifest as it is: only the hashes can catch it.
    private static Poison unproven(String name, String file, UnaryOperator<byte[]> change, String why) {
        return new Poison(
                name,
                (root, folder) -> {
                    Path path = folder.resolve(file);
                    Files.write(path, change.apply(Files.readAllBytes(path)));
                    return named(folder);
                },
                why);
    }

    /// A change of the manifest by somebody who names the artifact after it.
    private static Poison manifest(String name, UnaryOperator<String> change, String why) {
        return new Poison(
                name,
                (root, folder) -> {
                    Path path = folder.resolve(ArtifactFiles.MANIFEST);
                    String before = Files.readString(path);
                    String after = change.apply(before);
                    assertThat(after).isNotEqualTo(before);
                    Files.writeString(path, after);
                    return renamed(folder);
                },
                why);
    }

    /// A change by somebody who also corrects the manifest and the name: only the content can catch it.
    private static Poison proven(String name, String file, UnaryOperator<byte[]> change, String why) {
        return new Poison(
                name,
                (root, folder) -> {
                    Path path = folder.resolve(file);
                    byte[] before = Files.readAllBytes(path);
                    byte[] bytes = change.apply(before);
                    assertThat(bytes).isNotEqualTo(before);
                    Files.write(path, bytes);
                    Path manifestPath = folder.resolve(ArtifactFiles.MANIFEST);
                    Manifest manifest = EventJson.read(Files.readAllBytes(manifestPath), Manifest.class);
                    SortedMap<String, FileProof> files = new TreeMap<>(manifest.files());
                    files.put(file, new FileProof(Digest.of(bytes), bytes.length));
                    Files.write(manifestPath, EventJson.write(new Manifest(1, manifest.provenance(), files)));
                    return renamed(folder);
                },
                why);
    }

    private static Digest named(Path folder) {
        return new Digest("sha256:" + folder.getFileName());
    }

    private static Digest renamed(Path folder) throws IOException {
        Digest digest = Digest.of(Files.readAllBytes(folder.resolve(ArtifactFiles.MANIFEST)));
        Files.move(folder, folder.resolveSibling(digest.hex()));
        return digest;
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] changed = bytes.clone();
        changed[at] ^= 1;
        return changed;
    }

    private static byte[] withLastFloat(byte[] bytes, float value) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putFloat(changed.length - 4, value);
        return changed;
    }

    /// In the text of a header, whose length must not change but for the spaces at its end.
    private static byte[] replaced(byte[] bytes, String from, String to) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(from);
        String changed = text.replace(from, to);
        int grown = changed.length() - text.length();
        if (grown > 0 && text.startsWith("{", 8)) changed = changed.replaceFirst("} {" + grown + "}", "}");
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }
}
