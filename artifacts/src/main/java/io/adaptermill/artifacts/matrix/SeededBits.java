package io.adaptermill.artifacts.matrix;

/// Random numbers by name and index instead of by order, so that no change of order changes a number.
///
/// Number i is SplitMix64's finaliser over `key + (i + 1) · φ`, the key being the finaliser over the seed
/// and the name's FNV-1a hash: the formula by which training draws too. Source: Steele, Lea, Flood 2014.
public final class SeededBits {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final long key;

    public SeededBits(long seed, String name) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < name.length(); i++) hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
        key = mix(mix(seed) ^ hash);
    }

    /// Uniform in [0, 1), a multiple of 2⁻²⁴.
    public double unit(long index) {
        return (mix(key + (index + 1) * GOLDEN_RATIO) >>> 40) * 0x1p-24;
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
