package io.adaptermill.artifacts.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.adaptermill.artifacts.FloatTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;

/// Writes float32 tensors, sorted by name: the same tensors are the same bytes, today and on any machine.
public final class SafetensorsWriter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int ALIGNMENT = 8;
    private static final int CHUNK_FLOATS = 16 * 1024;

    private SafetensorsWriter() {}

    /// @param metadata goes into `__metadata__`, PEFT wants `format = pt`
    /// @param out neither flushed nor closed
    public static void write(
            SortedMap<String, String> metadata, SortedMap<String, FloatTensor> tensors, OutputStream out)
            throws IOException {
        write(metadata, tensors, name -> false, out);
    }

    /// @param vectors names of the tensors of one column that are written with one axis
    public static void write(
            SortedMap<String, String> metadata,
            SortedMap<String, FloatTensor> tensors,
            Predicate<String> vectors,
            OutputStream out)
            throws IOException {
        byte[] header = header(metadata, tensors, vectors);
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.write(header);
        for (FloatTensor tensor : tensors.values()) writeValues(tensor, out);
    }

    private static byte[] header(
            Map<String, String> metadata, SortedMap<String, FloatTensor> tensors, Predicate<String> vectors)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeObjectFieldStart("__metadata__");
            for (Map.Entry<String, String> entry : metadata.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
            long offset = 0;
            for (Map.Entry<String, FloatTensor> entry : tensors.entrySet()) {
                offset = writeEntry(json, entry.getKey(), entry.getValue(), vectors, offset);
            }
            json.writeEndObject();
        }
        while (bytes.size() % ALIGNMENT != 0) bytes.write(' ');
        return bytes.toByteArray();
    }

    private static long writeEntry(
            JsonGenerator json, String name, FloatTensor tensor, Predicate<String> vectors, long from)
            throws IOException {
        long to = from + (long) Float.BYTES * tensor.rows() * tensor.columns();
        json.writeObjectFieldStart(name);
        json.writeStringField("dtype", Dtype.F32.name());
        json.writeFieldName("shape");
        json.writeArray(new long[] {tensor.rows(), tensor.columns()}, 0, vectors.test(name) ? 1 : 2);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {from, to}, 0, 2);
        json.writeEndObject();
        return to;
    }

    private static void writeValues(FloatTensor tensor, OutputStream out) throws IOException {
        float[] values = tensor.values();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += CHUNK_FLOATS) {
            int count = Math.min(CHUNK_FLOATS, values.length - from);
            chunk.asFloatBuffer().put(values, from, count);
            out.write(chunk.array(), 0, count * Float.BYTES);
        }
    }
}
