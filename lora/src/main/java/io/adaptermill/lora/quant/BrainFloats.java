package io.adaptermill.lora.quant;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// bfloat16 and the vector shapes that dequantising uses.
///
/// Finite values only: rounding would turn some NaNs into infinity, so the loaders refuse a base that is not finite.
final class BrainFloats {
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_256;
    static final int LANES = 16;

    /// Whether 16 floats fit one register here; where they do not, emulated vectors would be slower than a plain loop.
    static final boolean WIDE = FloatVector.SPECIES_PREFERRED.length() >= LANES;

    private BrainFloats() {}

    /// Rounds to nearest, ties to even.
    static short round(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    static float widen(short brain) {
        return Float.intBitsToFloat(brain << 16);
    }

    /// The vector twin of [#round].
    static ShortVector round(FloatVector values) {
        IntVector bits = values.reinterpretAsInts();
        IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
        IntVector rounded = bits.add(odd).add(0x7fff).lanewise(VectorOperators.LSHR, 16);
        return (ShortVector) rounded.convertShape(VectorOperators.I2S, SHORTS, 0);
    }

    /// The vector twin of [#widen].
    static FloatVector widen(ShortVector brains) {
        IntVector bits = (IntVector) brains.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
        return bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }
}
