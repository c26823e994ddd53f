package io.adaptermill.lora.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/// float32, stored as it is.
final class F32Lanes extends Lanes {
    static final F32Lanes INSTANCE = new F32Lanes();

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);

    private static final long BYTES = 4L * WIDTH;

    private F32Lanes() {}

    @Override
    public FloatVector load(MemorySegment memory, long element) {
        return FloatVector.fromMemorySegment(SPECIES, MEMORY, address(memory, element * 4, BYTES), ORDER);
    }

    @Override
    public void store(FloatVector vector, MemorySegment memory, long element) {
        vector.intoMemorySegment(MEMORY, address(memory, element * 4, BYTES), ORDER);
    }

    @Override
    public float get(MemorySegment memory, long element) {
        return number(address(memory, element * 4, 4));
    }

    @Override
    float number(long address) {
        return MEMORY.get(FLOAT, address);
    }

    @Override
    public void set(MemorySegment memory, long element, float value) {
        put(address(memory, element * 4, 4), value);
    }

    @Override
    void put(long address, float value) {
        MEMORY.set(FLOAT, address, value);
    }
}
