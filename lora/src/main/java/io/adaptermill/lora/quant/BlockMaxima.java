package io.adaptermill.lora.quant;

import static io.adaptermill.lora.quant.BrainFloats.BYTE;
import static io.adaptermill.lora.quant.BrainFloats.FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// The absolute maximum of each block of a [FourBitTensor].
public sealed interface BlockMaxima {
    float get(long block);

    /// @throws IllegalArgumentException unless there is one for each block
    void requireCount(long blocks);

    /// What it adds to the name of the storage.
    String suffix();

    /// The stored bytes, in a fixed order.
    List<MemorySegment> bytes();

    /// As they are: half a bit a weight.
    ///
    /// @param maxima one float32 a block
    record Plain(MemorySegment maxima) implements BlockMaxima {
        static Plain of(float[] maxima, Arena memory) {
            return new Plain(memory.allocateFrom(ValueLayout.JAVA_FLOAT, maxima));
        }

        @Override
        public float get(long block) {
            return maxima.get(FLOAT, 4 * block);
        }

        @Override
        public void requireCount(long blocks) {
            BlockMaxima.require(maxima.byteSize() == 4 * blocks, blocks, bytes());
        }

        @Override
        public String suffix() {
            return "";
        }

        @Override
        public List<MemorySegment> bytes() {
            return List.of(maxima);
        }
    }

    /// Quantised once more, QLoRA's double quantisation: an eighth of a bit a weight.
    ///
    /// Maximum = `DynamicMap[q] · scale(block / 256) + offset`, product and sum rounded one after the other.
    ///
    /// @param maxima one byte a block
    /// @param scales one float32 for each 256 blocks
    /// @param offset mean of the maxima
    record Doubled(MemorySegment maxima, MemorySegment scales, float offset) implements BlockMaxima {
        /// Blocks that share one scale.
        public static final int SUPER_BLOCK = 256;

        @Override
        public float get(long block) {
            float normed = DynamicMap.VALUES[maxima.get(BYTE, block) & 0xff];
            return normed * scales.get(FLOAT, block / SUPER_BLOCK * 4) + offset;
        }

        @Override
        public void requireCount(long blocks) {
            long scaleBytes = 4 * Math.ceilDiv(blocks, (long) SUPER_BLOCK);
            BlockMaxima.require(maxima.byteSize() == blocks && scales.byteSize() == scaleBytes, blocks, bytes());
        }

        @Override
        public String suffix() {
            return "+dq";
        }

        @Override
        public List<MemorySegment> bytes() {
            byte[] mean = ByteBuffer.allocate(Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(offset)
                    .array();
            return List.of(maxima, scales, MemorySegment.ofArray(mean));
        }
    }

    private static void require(boolean fits, long blocks, List<MemorySegment> bytes) {
        if (fits) return;
        throw new IllegalArgumentException("%d blocks need as many maxima, were given %s bytes"
                .formatted(blocks, bytes.stream().map(MemorySegment::byteSize).toList()));
    }
}
