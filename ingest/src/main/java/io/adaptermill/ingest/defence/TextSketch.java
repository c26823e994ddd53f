package io.adaptermill.ingest.defence;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/// A few numbers by which two texts can be told to be nearly the same, without the texts.
///
/// MinHash: of each of 64 hash functions the least value over the text's shingles, which are its runs of five
/// characters ([PlainText]). Two texts have an equal minimum with the probability of their Jaccard similarity
/// `|A∩B|/|A∪B|`, so the share of equal ones estimates it, with a standard error of at most 1/16.
///
/// Source: Broder 1997, "On the resemblance and containment of documents".
public final class TextSketch {
    static final int HASHES = 64;

    private static final int SHINGLE = 5;

    /// A longer text is judged by its beginning.
    private static final int CHARACTERS_MAX = 4_000;

    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final int[] minima;

    private TextSketch(int[] minima) {
        this.minima = minima;
    }

    static TextSketch of(String text) {
        String whole = PlainText.of(text);
        String plain = whole.substring(0, Math.min(whole.length(), CHARACTERS_MAX));
        int[] minima = new int[HASHES];
        Arrays.fill(minima, -1);
        for (int start = 0; start <= Math.max(0, plain.length() - SHINGLE); start++) {
            long shingle = fnv(plain, start, Math.min(plain.length(), start + SHINGLE));
            for (int i = 0; i < HASHES; i++) {
                int hash = (int) (mixed(shingle + (i + 1) * GOLDEN) >>> 32);
                if (Integer.compareUnsigned(hash, minima[i]) < 0) minima[i] = hash;
            }
        }
        return new TextSketch(minima);
    }

    /// @return in [0, 1]
    double similarity(TextSketch other) {
        int equal = 0;
        for (int i = 0; i < HASHES; i++) if (minima[i] == other.minima[i]) equal++;
        return (double) equal / HASHES;
    }

    /// A number for each run of `rows` minima; equal ones for texts that have a whole run in common.
    long[] bands(int rows) {
        long[] bands = new long[HASHES / rows];
        for (int band = 0; band < bands.length; band++) {
            long hash = band;
            for (int row = 0; row < rows; row++) hash = mixed(hash * FNV_PRIME + minima[band * rows + row]);
            bands[band] = hash;
        }
        return bands;
    }

    private static long fnv(String text, int from, int to) {
        long hash = FNV_OFFSET;
        for (int i = from; i < to; i++) hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        return hash;
    }

    /// The finaliser of SplitMix64.
    private static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static TextSketch parse(String base64) {
        int[] minima = new int[HASHES];
        ByteBuffer.wrap(Base64.getDecoder().decode(base64)).asIntBuffer().get(minima);
        return new TextSketch(minima);
    }

    @JsonValue
    @Override
    public String toString() {
        ByteBuffer bytes = ByteBuffer.allocate(HASHES * Integer.BYTES);
        bytes.asIntBuffer().put(minima);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextSketch sketch && Arrays.equals(minima, sketch.minima);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(minima);
    }
}
