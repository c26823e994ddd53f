package io.adaptermill.lora.kernel;

import java.util.Objects;

/// Between a module's own matrix, row after row in a flat float32 array, and its place in a wider one that several
/// modules share.
public final class Blocks {
    private static final F32Lanes FLOATS = F32Lanes.INSTANCE;
    private static final int FLOAT = 4;

    private Blocks() {}

    /// Where a module's matrix lies in the shared one.
    ///
    /// @param first element
    /// @param rows of the module's matrix
    /// @param columns of it
    public record Place(long first, int rows, int columns) {}

    /// `shared = factor · own`.
    public static void put(Tensor own, long ownFirst, float factor, Tensor shared, Place place) {
        long stride = checked(own, ownFirst, shared, place);
        Lanes lanes = shared.precision().lanes();
        int size = shared.precision().sizeBytes();
        long from = own.memory().address() + FLOAT * ownFirst;
        long row = shared.memory().address() + size * place.first();
        for (int o = 0; o < place.rows(); o++, row += size * stride) {
            for (int c = 0; c < place.columns(); c++, from += FLOAT) {
                lanes.put(row + (long) size * c, factor * FLOATS.number(from));
            }
        }
    }

    /// `own += factor · shared`.
    public static void add(Tensor shared, Place place, float factor, Tensor own, long ownFirst) {
        long stride = checked(own, ownFirst, shared, place);
        Lanes lanes = shared.precision().lanes();
        int size = shared.precision().sizeBytes();
        long to = own.memory().address() + FLOAT * ownFirst;
        long row = shared.memory().address() + size * place.first();
        for (int o = 0; o < place.rows(); o++, row += size * stride) {
            for (int c = 0; c < place.columns(); c++, to += FLOAT) {
                FLOATS.put(to, Math.fma(factor, lanes.number(row + (long) size * c), FLOATS.number(to)));
            }
        }
    }

    /// @return elements between two rows of the shared matrix
    private static long checked(Tensor own, long ownFirst, Tensor shared, Place place) {
        long stride = shared.columns();
        Objects.checkFromIndexSize(ownFirst, (long) place.rows() * place.columns(), own.elements());
        Objects.checkFromIndexSize(place.first(), (place.rows() - 1) * stride + place.columns(), shared.elements());
        return stride;
    }
}
