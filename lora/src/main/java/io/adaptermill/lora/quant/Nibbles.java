package io.adaptermill.lora.quant;

import static io.adaptermill.lora.quant.BrainFloats.BYTE;
import static io.adaptermill.lora.quant.BrainFloats.INTS;
import static io.adaptermill.lora.quant.BrainFloats.LANES;
import static io.adaptermill.lora.quant.BrainFloats.SHORTS;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Turns 16 bytes of packed 4-bit codes into 32 weights by looking them up in a table of 16 values.
///
/// Layout: byte i holds weight i in its low half and weight 16 + i in its high half. GGUF's 4-bit blocks
/// have it already; NF4 is repacked to it once. So 32 weights cost one load, two look-ups and two stores.
final class Nibbles {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;

    private Nibbles() {}

    static void floats(FloatVector table, MemorySegment codes, long from, MemorySegment out, long at) {
        IntVector pairs = (IntVector) ByteVector.fromMemorySegment(BYTES, codes, from, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        IntVector values = table.reinterpretAsInts();
        pairs.and(15).selectFrom(values).intoMemorySegment(out, at, ByteOrder.LITTLE_ENDIAN);
        pairs.lanewise(VectorOperators.LSHR, 4)
                .selectFrom(values)
                .intoMemorySegment(out, at + 4 * LANES, ByteOrder.LITTLE_ENDIAN);
    }

    /// Rounds the table itself: handed over as shorts, the compiler would put it on the heap for every block.
    static void brains(FloatVector floats, MemorySegment codes, long from, MemorySegment out, long at) {
        ShortVector table = BrainFloats.round(floats);
        ShortVector pairs = (ShortVector) ByteVector.fromMemorySegment(BYTES, codes, from, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0);
        pairs.and((short) 15).selectFrom(table).intoMemorySegment(out, at, ByteOrder.LITTLE_ENDIAN);
        pairs.lanewise(VectorOperators.LSHR, 4)
                .selectFrom(table)
                .intoMemorySegment(out, at + 2 * LANES, ByteOrder.LITTLE_ENDIAN);
    }

    /// The scalar twin of both; bit-equal.
    static void read(float[] table, MemorySegment codes, long from, Sink sink, long element) {
        for (int i = 0; i < LANES; i++) {
            int pair = codes.get(BYTE, from + i);
            sink.put(element + i, table[pair & 15]);
            sink.put(element + LANES + i, table[(pair >> 4) & 15]);
        }
    }
}
