package io.adaptermill.lora.source;

import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.quant.BlockTensor;
import io.adaptermill.lora.quant.DenseTensor;
import io.adaptermill.lora.quant.FrozenTensor;
import io.adaptermill.lora.quant.GroupedTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/// Copies tensors out of a mapped file into the checkpoint's own memory, proves them finite, and quantises the linears.
///
/// A copy, because a mapping would fault when the file changes, and would count a second time towards memory.
final class TensorLoader {
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int F32_EXPONENT = 0x7f800000;
    private static final int F16_EXPONENT = 0x7c00;
    private static final int BF16_EXPONENT = 0x7f80;
    private static final int ALIGNMENT = 64;

    private final Path file;
    private final BaseStorage storage;
    private final Arena memory;

    TensorLoader(Path file, BaseStorage storage, Arena memory) {
        this.file = file;
        this.storage = storage;
        this.memory = memory;
    }

    /// @param name Hugging Face name; only linears of blocks are quantised
    /// @param data bytes in a mapping, row-major
    FrozenTensor dense(String name, int rows, int columns, DenseTensor.Format format, MemorySegment data) {
        requireFinite(name, format, data);
        DenseTensor mapped = new DenseTensor(rows, columns, format, data);
        try {
            return isLinear(name) ? storage.keep(mapped, memory) : mapped.copy(memory);
        } catch (IllegalArgumentException e) {
            throw new MalformedFile(
                    file,
                    "tensor %s cannot be kept as %s: %s".formatted(name, storage.storage(), e.getMessage()),
                    "choose another storage");
        }
    }

    FrozenTensor blocks(String name, int rows, int columns, BlockTensor.Format format, MemorySegment data) {
        requireFiniteHalves(name, data, format.sizeBytes(), format.halves());
        return new BlockTensor(rows, columns, format, copy(data));
    }

    FrozenTensor blocks(String name, int rows, int columns, GroupedTensor.Format format, MemorySegment data) {
        requireFiniteHalves(name, data, format.sizeBytes(), format.halves());
        return new GroupedTensor(rows, columns, format, copy(data));
    }

    private static boolean isLinear(String name) {
        for (Linear linear : Linear.values()) {
            if (name.endsWith("." + linear.target() + ".weight")) return true;
        }
        return false;
    }

    private MemorySegment copy(MemorySegment data) {
        return memory.allocate(data.byteSize(), ALIGNMENT).copyFrom(data);
    }

    private void requireFinite(String name, DenseTensor.Format format, MemorySegment data) {
        for (long at = 0; at < data.byteSize(); at += format.sizeBytes()) {
            boolean finite = switch (format) {
                case F32 -> (data.get(WORD, at) & F32_EXPONENT) != F32_EXPONENT;
                case F16 -> (data.get(HALF, at) & F16_EXPONENT) != F16_EXPONENT;
                case BF16 -> (data.get(HALF, at) & BF16_EXPONENT) != BF16_EXPONENT;
            };
            if (!finite) throw notFinite(name);
        }
    }

    private void requireFiniteHalves(String name, MemorySegment data, int blockBytes, List<Integer> halves) {
        for (int half : halves) {
            for (long at = half; at < data.byteSize(); at += blockBytes) {
                if ((data.get(HALF, at) & F16_EXPONENT) == F16_EXPONENT) throw notFinite(name);
            }
        }
    }

    private MalformedFile notFinite(String name) {
        return new MalformedFile(
                file, "tensor " + name + " holds a value that is not finite", "download the model again");
    }
}
