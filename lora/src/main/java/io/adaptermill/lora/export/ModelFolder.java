package io.adaptermill.lora.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.quant.FrozenTensor;
import io.adaptermill.lora.source.ModelFiles;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/// Writes a whole model as a folder of the Hugging Face hub, dense, whatever storage its weights have in memory: for
/// engines that know no adapters.
///
/// Tensors go out a few rows at a time; the same model gives the same bytes.
public final class ModelFolder {
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final int ALIGNMENT = 8;
    private static final int CHUNK_BYTES = 1 << 22;
    private static final JsonMapper JSON = new JsonMapper();
    /// Beside the configuration and the weights, as far as a folder has them.
    private static final List<String> COPIED = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "tokenizer.model",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "generation_config.json",
            "vocab.json",
            "merges.txt");

    private ModelFolder() {}

    /// @param like a folder whose configuration and tokenizer are copied
    /// @param precision of the weights
    /// @param to may exist, its files may not
    /// @throws IllegalArgumentException if `like` describes another model
    /// @throws UncheckedIOException if a file cannot be read or written
    public static void write(Checkpoint model, Path like, Precision precision, Path to) {
        Path config = like.resolve(CONFIG);
        if (!ModelFiles.config(config).equals(model.config())) {
            throw new IllegalArgumentException(config + " describes another model than the one that is to be written");
        }
        try {
            Files.createDirectories(to);
            Files.write(to.resolve(CONFIG), configuration(config, precision), StandardOpenOption.CREATE_NEW);
            for (String name : COPIED) {
                if (Files.isRegularFile(like.resolve(name))) Files.copy(like.resolve(name), to.resolve(name));
            }
            try (FileChannel file = FileChannel.open(
                            to.resolve(WEIGHTS), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), CHUNK_BYTES)) {
                weights(model, precision, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the model to " + to, e);
        }
    }

    /// The same, dense and in the precision of the weights.
    private static byte[] configuration(Path config, Precision precision) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(config.toFile());
        json.remove("quantization_config");
        String field = json.has("dtype") ? "dtype" : "torch_dtype";
        json.put(field, precision == Precision.F32 ? "float32" : "bfloat16");
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }

    private static void weights(Checkpoint model, Precision precision, OutputStream out) throws IOException {
        byte[] header = header(model, precision);
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.write(header);
        for (FrozenTensor tensor : model.tensors().values()) write(tensor, precision, out);
    }

    private static byte[] header(Checkpoint model, Precision precision) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeObjectFieldStart("__metadata__");
            json.writeStringField("format", "pt");
            json.writeEndObject();
            long offset = 0;
            for (Map.Entry<String, FrozenTensor> entry : model.tensors().entrySet()) {
                FrozenTensor tensor = entry.getValue();
                long to = offset + precision.sizeBytes() * (long) tensor.rows() * tensor.columns();
                json.writeObjectFieldStart(entry.getKey());
                json.writeStringField("dtype", precision.name());
                json.writeFieldName("shape");
                int axes = tensor.rows() == 1 ? 1 : 2;
                json.writeArray(new long[] {tensor.rows(), tensor.columns()}, 2 - axes, axes);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {offset, to}, 0, 2);
                json.writeEndObject();
                offset = to;
            }
            json.writeEndObject();
        }
        while (bytes.size() % ALIGNMENT != 0) bytes.write(' ');
        return bytes.toByteArray();
    }

    private static void write(FrozenTensor tensor, Precision precision, OutputStream out) throws IOException {
        int rowBytes = Math.multiplyExact(precision.sizeBytes(), tensor.columns());
        int rows = Math.max(1, CHUNK_BYTES / rowBytes);
        try (Arena passing = Arena.ofConfined()) {
            MemorySegment chunk = passing.allocate((long) rows * rowBytes, 64);
            for (int from = 0; from < tensor.rows(); from += rows) {
                int to = Math.min(tensor.rows(), from + rows);
                if (precision == Precision.F32) tensor.readFloats(from, to, chunk, 0);
                else tensor.readBrainFloats(from, to, chunk, 0);
                out.write(chunk.asSlice(0, (long) (to - from) * rowBytes).toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }
}
