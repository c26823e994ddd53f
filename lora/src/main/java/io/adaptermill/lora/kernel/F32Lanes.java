package io.adaptermill.lora.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/// float32, stored as it is.
final class F32Lanes extends Lanes {
    static final F32Lanes INSTANCE = new F32Lanes();

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);

    private F32Lanes() {}

    @Override
    public FloatVector load(MemorySegment memory, long element) {
        return FloatVector.fromMemorySegment(SPECIES, memory, element * 4, ORDER);
    }

    @Override
    public void store(FloatVector vector, MemorySegment memory, long element) {
        vector.intoMemorySegment(memory, element * 4, ORDER);
    }

    @Override
    public float get(MemorySegment memory, long element) {
        return memory.get(FLOAT, element * 4);
    }

    @Override
    public void set(MemorySegment memory, long element, float value) {
        memory.set(FLOAT, element * 4, value);
    }
}
