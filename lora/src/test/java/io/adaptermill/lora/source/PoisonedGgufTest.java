package io.adaptermill.lora.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.model.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a broken download or a hostile file may contain: each is refused with file, place and next step.
class PoisonedGgufTest {
    private static final byte[] GOOD = good();
    private static final String Q = "blk.0.attn_q.weight";

    @TempDir
    Path folder;

    record Poison(String name, byte[] bytes, String why) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Poison> poisons() {
        Stream<Poison> truncations = IntStream.of(0, 3, 8, 16, 24, 100, 2_000, GOOD.length / 2, GOOD.length - 1)
                .mapToObj(length -> new Poison("truncated to " + length, Arrays.copyOf(GOOD, length), ""));
        return Stream.concat(
                truncations,
                Stream.of(
                        changed("another magic", file -> file.put(0, (byte) 'X'), "letters GGUF"),
                        changed("version 1", file -> file.putInt(4, 1), "version must be 2 or 3"),
                        changed("big-endian", file -> file.putInt(4, 0x03000000), "version must be 2 or 3"),
                        changed("2^63 tensors", file -> file.putLong(8, Long.MIN_VALUE), "number of tensors"),
                        changed("2^32 tensors", file -> file.putLong(8, 1L << 32), "number of tensors"),
                        changed("2^63 - 1 keys", file -> file.putLong(16, Long.MAX_VALUE), "number of metadata keys"),
                        changed("a key of 2^63 bytes", file -> file.putLong(24, Long.MIN_VALUE), "string's length"),
                        changed("a key of 2^40 bytes", file -> file.putLong(24, 1L << 40), "string's length"),
                        changed("a key that is not UTF-8", file -> file.put(32, (byte) 0xff), "not UTF-8"),
                        changed("an unknown metadata type", at("llama.block_count", 0, 99), "unknown metadata type"),
                        changed("a key of another type", at("llama.block_count", 0, 6), "positive integer"),
                        changed("no blocks", at("llama.block_count", 4, 0), "positive integer"),
                        changed("2^31 blocks", at("llama.block_count", 4, Integer.MIN_VALUE), "positive integer"),
                        changed("a million blocks", at("llama.block_count", 4, 1_000_000), "layers must be in"),
                        changed("a block too many", at("llama.block_count", 4, 3), "blk.2."),
                        changed("a block too few", at("llama.block_count", 4, 1), "has no place in the model"),
                        changed("no heads", at("llama.attention.head_count", 4, 0), "positive integer"),
                        changed("heads that do not divide", at("llama.attention.head_count", 4, 3), "multiple"),
                        changed("another width", at("llama.embedding_length", 4, 128), "must be"),
                        changed("an array of 2^62", array("tokenizer.ggml.tokens", 1L << 62), "array's length"),
                        changed("an array of 2^28", array("tokenizer.ggml.tokens", 1L << 28), "array's length"),
                        changed("an array of arrays", at("tokenizer.ggml.tokens", 4, 9), "array of type 9"),
                        changed(
                                "a key twice",
                                renamed("tokenizer.ggml.eos_token_id", "tokenizer.ggml.bos_token_id"),
                                "twice"),
                        changed("another architecture", renamed("llama", "gemma"), "llama family"),
                        changed("a tensor of no axes", at(Q, 0, 0), "axes"),
                        changed("a tensor of five axes", at(Q, 0, 5), "axes"),
                        changed("an empty tensor", longAt(Q, 4, 0), "empty"),
                        changed("2^62 columns", longAt(Q, 4, 1L << 62), "extent"),
                        changed("2^31 rows", longAt(Q, 12, 1L << 31), "extent"),
                        changed(
                                "2^30 rows of 2^30",
                                file -> {
                                    longAt(Q, 4, 1L << 30).accept(file);
                                    longAt(Q, 12, 1L << 30).accept(file);
                                },
                                "blocks"),
                        changed("columns that are no whole blocks", longAt(Q, 4, 63), "multiple of 32"),
                        changed("another shape", longAt(Q, 12, 32), "must be"),
                        changed("an unknown tensor type", at(Q, 20, 77), "convert the model"),
                        changed("a tensor outside the file", longAt(Q, 24, 1L << 40), "does not lie"),
                        changed("a tensor before the data", longAt(Q, 24, -32), "does not lie"),
                        changed("a tensor at 2^63 - 32", longAt(Q, 24, Long.MAX_VALUE - 31), "does not lie"),
                        changed("a tensor that is not aligned", longAt(Q, 24, 33), ""),
                        changed("a tensor on another", longAt(Q, 24, 0), "overlaps"),
                        changed("a tensor of another name", renamed(Q, "blk.0.attn_X.weight"), "attn_q"),
                        changed(
                                "a scale that is not a number",
                                file -> file.putShort(file.capacity() - 20, (short) 0x7e00),
                                "not finite"),
                        changed(
                                "an infinite minimum",
                                file -> file.putShort(file.capacity() - 18, (short) 0x7c00),
                                "not finite")));
    }

    @ParameterizedTest
    @MethodSource("poisons")
    void a_poisoned_file_is_refused_with_its_name_and_the_reason(Poison poison) throws IOException {
        // Given
        Path path = Files.write(folder.resolve("poison.gguf"), poison.bytes);

        // When, Then
        assertThatThrownBy(() -> read(path))
                .isInstanceOf(MalformedFile.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(poison.why);
    }

    /// Whatever bytes of the header change, a file is read or refused; nothing else may happen.
    @Test
    void a_file_with_random_changes_is_read_or_refused() throws IOException {
        long seed = 20260101;
        Random random = new Random(seed);
        int header = indexOf("blk.1.ffn_up.weight") + 64;
        int refused = 0;
        for (int round = 0; round < 1_500; round++) {
            // Given
            byte[] bytes = GOOD.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(header)] = (byte) (random.nextBoolean() ? random.nextInt(256) : 0xff);
            }
            Path path = Files.write(folder.resolve("fuzz.gguf"), bytes);

            // When
            try {
                read(path);
            } catch (MalformedFile e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }

        // Then
        assertThat(refused).isBetween(300, 1_499);
    }

    private static void read(Path path) {
        ModelFiles files = ModelFiles.at(path);
        try (Checkpoint checkpoint = files.readCheckpoint(BaseStorage.NF4_DOUBLED)) {
            assertThat(checkpoint.sizeBytes()).isPositive();
        }
        files.readText().close();
    }

    private static Poison changed(String name, Consumer<ByteBuffer> change, String why) {
        byte[] bytes = GOOD.clone();
        change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        assertThat(bytes).as(name).isNotEqualTo(GOOD);
        return new Poison(name, bytes, why);
    }

    /// Replaces the integer that stands so many bytes after a name.
    private static Consumer<ByteBuffer> at(String name, int offset, int value) {
        return file -> file.putInt(indexOf(name) + name.length() + offset, value);
    }

    private static Consumer<ByteBuffer> longAt(String name, int offset, long value) {
        return file -> file.putLong(indexOf(name) + name.length() + offset, value);
    }

    private static Consumer<ByteBuffer> array(String name, long length) {
        return longAt(name, 8, length);
    }

    private static Consumer<ByteBuffer> renamed(String from, String to) {
        return file -> file.put(indexOf(from), to.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static int indexOf(String text) {
        int index = new String(GOOD, StandardCharsets.ISO_8859_1).indexOf(text);
        assertThat(index).as(text).isPositive();
        return index;
    }

    private static byte[] good() {
        try {
            return Files.readAllBytes(Golden.path("tiny-q4_1.gguf"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
