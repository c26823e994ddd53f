package io.adaptermill.lora.export;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.source.GgufNames;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// An adapter as llama.cpp's `--lora` loads it: a GGUF file of type `adapter`.
///
/// Tensors are `blk.N.attn_q.weight.lora_a` `[rank, in]` and `….lora_b` `[out, rank]`, float32. llama.cpp
/// scales by `adapter.lora.alpha / rank`, so that is written as `scale · rank`, whatever the scale came
/// from. For the llama architecture the rows of B of q and k are put in the order in which such files keep
/// the rows of q and k. Checked with the Python package gguf: `scripts/gguf-lora-check.py`.
public final class GgufLora {
    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;
    private static final int TYPE_FLOAT = 6;
    private static final int TYPE_TEXT = 8;
    private static final int TENSOR_F32 = 0;

    private GgufLora() {}

    /// @param adapter of one rank and one scale, since the file has room for one alpha
    /// @param model the base's shape, which decides the architecture's name and the order of rows
    /// @throws IllegalArgumentException if the adapter belongs to another base
    /// @throws UncheckedIOException if the file exists or cannot be written
    public static void write(Adapter adapter, ModelConfig model, Path file) {
        model.requireFits(adapter);
        if (!adapter.config().ranks().isEmpty() || !adapter.config().alphas().isEmpty()) {
            throw new IllegalArgumentException(
                    "a GGUF adapter has one alpha; give every module one rank and one scale first");
        }
        try (OutputStream out =
                new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16)) {
            SequencedMap<String, FloatTensor> tensors = tensors(adapter, model);
            byte[] header = header(adapter, model, tensors);
            out.write(header);
            out.write(new byte[padding(header.length)]);
            for (FloatTensor tensor : tensors.values()) {
                ByteBuffer bytes = buffer(4 * tensor.values().length);
                bytes.asFloatBuffer().put(tensor.values());
                out.write(bytes.array());
                out.write(new byte[padding(bytes.capacity())]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /// The name by which llama.cpp calls a base of this shape.
    static String architecture(ModelConfig model) {
        if (model.has(ModelConfig.Feature.QK_NORM)) return "qwen3";
        return model.has(ModelConfig.Feature.QKV_BIAS) ? "qwen2" : "llama";
    }

    private static SequencedMap<String, FloatTensor> tensors(Adapter adapter, ModelConfig model) {
        boolean interleaved = architecture(model).equals("llama");
        SequencedMap<String, FloatTensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, LowRank> entry : adapter.modules().entrySet()) {
            String name = GgufNames.of(entry.getKey() + ".weight");
            boolean rotated =
                    entry.getKey().endsWith(".q_proj") || entry.getKey().endsWith(".k_proj");
            FloatTensor b = entry.getValue().b();
            tensors.put(name + ".lora_a", entry.getValue().a());
            tensors.put(name + ".lora_b", interleaved && rotated ? interleaved(b, model.headDim()) : b);
        }
        return tensors;
    }

    /// Within each head, row `j` of the first half goes beside row `j` of the second.
    private static FloatTensor interleaved(FloatTensor b, int headDim) {
        float[] values = new float[b.values().length];
        for (int row = 0; row < b.rows(); row++) {
            int within = row % headDim;
            int half = headDim / 2;
            int to = row - within + within % half * 2 + within / half;
            System.arraycopy(b.values(), row * b.columns(), values, to * b.columns(), b.columns());
        }
        return new FloatTensor(b.rows(), b.columns(), values);
    }

    private static byte[] header(Adapter adapter, ModelConfig model, SequencedMap<String, FloatTensor> tensors) {
        ByteBuffer header = buffer(512 + 256 * tensors.size());
        header.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(VERSION);
        header.putLong(tensors.size()).putLong(4);
        putText(header, "general.architecture", architecture(model));
        putText(header, "general.type", "adapter");
        putText(header, "adapter.type", "lora");
        put(header, "adapter.lora.alpha");
        header.putInt(TYPE_FLOAT)
                .putFloat((float) (adapter.config().scale() * adapter.config().rank()));
        long offset = 0;
        for (Map.Entry<String, FloatTensor> entry : tensors.entrySet()) {
            FloatTensor tensor = entry.getValue();
            put(header, entry.getKey());
            header.putInt(2).putLong(tensor.columns()).putLong(tensor.rows());
            header.putInt(TENSOR_F32).putLong(offset);
            long bytes = 4L * tensor.values().length;
            offset += bytes + padding(bytes);
        }
        byte[] written = new byte[header.position()];
        header.flip().get(written);
        return written;
    }

    private static void putText(ByteBuffer header, String key, String value) {
        put(header, key);
        header.putInt(TYPE_TEXT);
        put(header, value);
    }

    private static void put(ByteBuffer header, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        header.putLong(bytes.length).put(bytes);
    }

    private static int padding(long size) {
        return (int) (-size & (ALIGNMENT - 1));
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
