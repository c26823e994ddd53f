package io.adaptermill.lora.optim;

/// Random numbers by name and index instead of by order, so that no change of order or threads changes a
/// number.
///
/// Number i is SplitMix64's finaliser over `key + (i + 1) · φ`, the key being the finaliser over the seed and
/// the name's FNV-1a hash. Source: Steele, Lea, Flood 2014. The golden scripts compute the same in Python.
public final class CounterRandom {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final long key;

    public CounterRandom(long seed, String name) {
        key = mix(mix(seed) ^ fnv(name));
    }

    public long bits(long index) {
        return mix(key + (index + 1) * GOLDEN_RATIO);
    }

    /// Uniform in [-1, 1), a multiple of 2⁻²³.
    public float symmetric(long index) {
        return ((bits(index) >>> 40) - (1 << 23)) * 0x1p-23f;
    }

    /// Standard normal, by Box and Muller.
    public double normal(long index) {
        double first = ((bits(2 * index) >>> 11) + 1) * 0x1p-53;
        double second = (bits(2 * index + 1) >>> 11) * 0x1p-53;
        return StrictMath.sqrt(-2 * StrictMath.log(first)) * StrictMath.cos(2 * StrictMath.PI * second);
    }

    /// The numbers 0 to n-1 in random order.
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = (int) Long.remainderUnsigned(bits(i), i + 1L);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static long fnv(String name) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < name.length(); i++) hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
        return hash;
    }
}
