package io.adaptermill.lora.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// bfloat16: a float32's upper half, rounded to nearest, ties to even, as torch rounds.
final class Bf16Lanes extends Lanes {
    static final Bf16Lanes INSTANCE = new Bf16Lanes();

    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);

    private static final IntVector ONE = IntVector.broadcast(INTS, 1);
    private static final IntVector HALF = IntVector.broadcast(INTS, 0x7fff);

    private static final long BYTES = 2L * WIDTH;

    private Bf16Lanes() {}

    @Override
    public FloatVector load(MemorySegment memory, long element) {
        ShortVector halves = ShortVector.fromMemorySegment(SHORTS, MEMORY, address(memory, element * 2, BYTES), ORDER);
        IntVector bits = (IntVector) halves.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
        return bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    @Override
    public void store(FloatVector vector, MemorySegment memory, long element) {
        IntVector bits = vector.reinterpretAsInts();
        IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(ONE);
        IntVector rounded = bits.add(odd).add(HALF).lanewise(VectorOperators.LSHR, 16);
        ((ShortVector) rounded.convertShape(VectorOperators.I2S, SHORTS, 0))
                .intoMemorySegment(MEMORY, address(memory, element * 2, BYTES), ORDER);
    }

    @Override
    public float get(MemorySegment memory, long element) {
        return number(address(memory, element * 2, 2));
    }

    @Override
    float number(long address) {
        return Float.intBitsToFloat(MEMORY.get(SHORT, address) << 16);
    }

    @Override
    public void set(MemorySegment memory, long element, float value) {
        put(address(memory, element * 2, 2), value);
    }

    @Override
    void put(long address, float value) {
        int bits = Float.floatToRawIntBits(value);
        MEMORY.set(SHORT, address, (short) ((bits + ((bits >>> 16) & 1) + 0x7fff) >>> 16));
    }
}
