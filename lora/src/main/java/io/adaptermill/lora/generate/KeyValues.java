package io.adaptermill.lora.generate;

import java.util.Arrays;

/// Keys and values of one answer's conversation so far, for every layer: what makes the next token cheap.
///
/// They depend on the adapter, so they belong to one answer and one version, and are never shared between
/// versions. Grows by doubling up to the answer's own limit.
final class KeyValues {
    private static final int POSITIONS_FIRST = 64;

    private final int width;
    private final int positionsMax;
    private final float[][] keys;
    private final float[][] values;

    /// @param width of all key heads together
    KeyValues(int layers, int width, int positionsMax) {
        this.width = width;
        this.positionsMax = positionsMax;
        this.keys = new float[layers][];
        this.values = new float[layers][];
        int first = Math.min(positionsMax, POSITIONS_FIRST) * width;
        for (int layer = 0; layer < layers; layer++) {
            keys[layer] = new float[first];
            values[layer] = new float[first];
        }
    }

    /// `[position, width]` of a layer, with room for the position.
    float[] keys(int layer, int position) {
        return keys[layer] = roomy(keys[layer], position);
    }

    float[] values(int layer, int position) {
        return values[layer] = roomy(values[layer], position);
    }

    /// The first positions alone, as a memory of its own.
    KeyValues copy(int positions) {
        KeyValues copy = new KeyValues(keys.length, width, positions);
        copy.copyFrom(this, positions);
        return copy;
    }

    /// Takes over the first positions of another memory.
    void copyFrom(KeyValues other, int positions) {
        for (int layer = 0; layer < keys.length; layer++) {
            System.arraycopy(other.keys[layer], 0, keys(layer, positions - 1), 0, positions * width);
            System.arraycopy(other.values[layer], 0, values(layer, positions - 1), 0, positions * width);
        }
    }

    private float[] roomy(float[] array, int position) {
        if (position >= positionsMax) {
            throw new IllegalStateException("position must be below " + positionsMax + ", was " + position);
        }
        int room = array.length / width;
        return position < room
                ? array
                : Arrays.copyOf(array, Math.min(positionsMax, Math.max(2 * room, position + 1)) * width);
    }
}
