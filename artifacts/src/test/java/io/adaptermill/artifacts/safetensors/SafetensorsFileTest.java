package io.adaptermill.artifacts.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.artifacts.MalformedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFileTest {
    private static final String GOOD = """
            {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},\
            "b":{"dtype":"BF16","shape":[4],"data_offsets":[16,24]}}""";
    private static final int DATA_BYTES = 24;

    @TempDir
    Path folder;

    /// One way to break a file, and what the refusal must say.
    record Poison(String name, byte[] bytes, String why) {
        @Override
        public String toString() {
            return name;
        }
    }

    @Test
    void a_good_file_gives_its_tensors() throws IOException {
        // Given
        Path path = write(file(GOOD, DATA_BYTES));

        // When
        try (SafetensorsFile file = SafetensorsFile.map(path)) {

            // Then
            assertThat(file.metadata()).containsOnlyKeys("format").containsValue("pt");
            assertThat(file.entry("b")).isEqualTo(new TensorEntry(Dtype.BF16, List.of(4L), 16, 24));
            assertThat(file.bytes("b").byteSize()).isEqualTo(8);
        }
    }

    static Stream<Poison> poisons() {
        byte[] good = file(GOOD, DATA_BYTES);
        int header = GOOD.length();
        Stream<Poison> truncations = IntStream.of(
                        0, 1, 7, 8, 9, 8 + header / 2, 8 + header, 8 + header + 16, good.length - 1)
                .mapToObj(length -> new Poison("truncated to " + length, Arrays.copyOf(good, length), ""));
        return Stream.concat(
                truncations,
                Stream.of(
                        new Poison("header length 2^63", withLength(good, Long.MIN_VALUE), "length must be in"),
                        new Poison("header length 2^63 - 1", withLength(good, Long.MAX_VALUE), "length must be in"),
                        new Poison("header length 0", withLength(good, 0), "length must be in"),
                        new Poison("header length over the cap", withLength(good, (8 << 20) + 1), "length must be in"),
                        new Poison("header longer than the file", withLength(good, good.length), "only"),
                        new Poison("deep JSON", file("{\"a\":" + "[".repeat(10_000), 0), "START_ARRAY"),
                        new Poison("deep JSON objects", file("{\"a\":".repeat(10_000), 0), ""),
                        new Poison("100 zero bytes of JSON", file("\0".repeat(100), 0), "JSON"),
                        new Poison("8 MiB of zero bytes", file("\0".repeat(8 << 20), 0), "JSON"),
                        new Poison("JSON array", file("[]", 0), "START_OBJECT"),
                        new Poison("not UTF-8", file(new byte[] {'{', (byte) 0xff, '}'}, 0), "UTF-8"),
                        new Poison("text after the object", file(GOOD + "{}", DATA_BYTES), "after"),
                        changed("duplicate tensor", "\"b\"", "\"a\"", "Duplicate"),
                        changed("duplicate field", "\"shape\":[2,2]", "\"shape\":[2,2],\"shape\":[2,2]", "Duplicate"),
                        changed("unknown field", "\"shape\":[2,2]", "\"shape\":[2,2],\"x\":1", "unknown field"),
                        changed("missing field", ",\"shape\":[2,2]", "", "must have"),
                        changed("unknown dtype", "BF16", "I8", "dtype"),
                        changed("overlap", "[16,24]", "[8,16]", "overlap"),
                        changed("hole", "[16,24]", "[20,28]", "hole"),
                        changed("starts late", "[0,16]", "[4,20]", "hole"),
                        changed(
                                "out of range",
                                "[4],\"data_offsets\":[16,24]",
                                "[400],\"data_offsets\":[16,816]",
                                "the file has"),
                        changed(
                                "data left over",
                                "[4],\"data_offsets\":[16,24]",
                                "[3],\"data_offsets\":[16,22]",
                                "the file has"),
                        changed("offsets reversed", "[16,24]", "[24,16]", "needs"),
                        changed("negative offset", "[0,16]", "[-16,0]", "negative"),
                        changed("three offsets", "[0,16]", "[0,16,16]", "two data_offsets"),
                        changed("fractional offset", "[0,16]", "[0,16.5]", "expected"),
                        changed("huge offset", "[0,16]", "[0,99999999999999999999999]", "JSON"),
                        changed("offset as text", "[0,16]", "[0,\"16\"]", "expected"),
                        changed("shape too large for its bytes", "[2,2]", "[2,3]", "needs"),
                        changed("shape overflows", "[2,2]", "[4294967296,4294967296]", "larger than 2^63"),
                        changed(
                                "shape overflows to the right size",
                                "[2,2]",
                                "[4611686018427387905,4]",
                                "larger than 2^63"),
                        changed("empty tensor", "[2,2]", "[2,0]", "empty"),
                        changed("negative extent", "[2,2]", "[-2,-2]", "negative"),
                        changed("nine axes", "[2,2]", "[2,2,1,1,1,1,1,1,1]", "8 axes"),
                        changed("metadata with a number", "\"pt\"", "1", "VALUE_STRING")));
    }

    @ParameterizedTest
    @MethodSource("poisons")
    void a_poisoned_file_is_refused_with_its_name_and_the_reason(Poison poison) throws IOException {
        // Given
        Path path = write(poison.bytes);

        // When, Then
        assertThatThrownBy(() -> SafetensorsFile.map(path).close())
                .isInstanceOf(MalformedFile.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(poison.why);
    }

    /// Whatever bytes change, a file is read or refused; nothing else may happen.
    @Test
    void a_file_with_random_changes_is_read_or_refused() throws IOException {
        long seed = 20260101;
        Random random = new Random(seed);
        byte[] good = file(GOOD, DATA_BYTES);
        for (int round = 0; round < 2_000; round++) {
            // Given
            byte[] bytes = good.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(good.length)] = (byte) random.nextInt(256);
            }
            Path path = write(bytes);

            // When, Then
            try (SafetensorsFile file = SafetensorsFile.map(path)) {
                file.tensors()
                        .keySet()
                        .forEach(name -> assertThat(file.bytes(name).byteSize()).isPositive());
            } catch (MalformedFile refused) {
                assertThat(refused).as("seed %d, round %d", seed, round).hasMessageContaining(path.toString());
            }
        }
    }

    private static Poison changed(String name, String from, String to, String why) {
        assertThat(GOOD).contains(from);
        return new Poison(name, file(GOOD.replace(from, to), DATA_BYTES), why);
    }

    private static byte[] file(String header, int dataBytes) {
        return file(header.getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    private static byte[] file(byte[] header, int dataBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.writeBytes(header);
        out.writeBytes(new byte[dataBytes]);
        return out.toByteArray();
    }

    private static byte[] withLength(byte[] file, long length) {
        byte[] changed = file.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        return changed;
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("poison.safetensors"), bytes);
    }
}
