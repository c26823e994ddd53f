package io.adaptermill.lora.quant;

/// Where in a block the code bits of each group of 16 weights lie; one table for all of GGUF's layouts that need more
/// than one table of values a block.
///
/// Byte `low[g] + i`, shifted by `lowShift[g]`, has the lower four bits of weight i of group g. The bits above them
/// are, from `high[g]` on, either in bytes of their own in the same way, or one bit a weight in 16 bits.
///
/// @param highBits how many bits a code has above the lower four: 0, 1 or 2
/// @param bitwise whether those are one bit a weight
/// @param centre the code that means zero
record GroupLayout(int[] low, int[] lowShift, int[] high, int[] highShift, int highBits, boolean bitwise, int centre) {
    /// Weights of a group: one vector.
    static final int GROUP = 16;

    /// Q5_0 and Q5_1: two groups, the first in the lower halves of 16 bytes, a bit a weight before them.
    static GroupLayout small(int header, int centre) {
        int codes = header + 4;
        return new GroupLayout(
                new int[] {codes, codes},
                new int[] {0, 4},
                new int[] {header, header + 2},
                new int[] {0, 0},
                1,
                true,
                centre);
    }

    /// Q4_K and Q5_K: runs of 32 weights, two of them in the halves of 32 bytes; run s has bit s of the high bytes.
    static GroupLayout runsOf32(int lowAt, int highAt, int highBits) {
        int[][] table = new int[4][16];
        for (int group = 0; group < 16; group++) {
            int run = group / 2;
            int part = group % 2 * GROUP;
            table[0][group] = lowAt + run / 2 * 32 + part;
            table[1][group] = run % 2 * 4;
            table[2][group] = highAt + part;
            table[3][group] = run;
        }
        return new GroupLayout(table[0], table[1], table[2], table[3], highBits, false, 0);
    }

    /// Q6_K: halves of 128 weights, four runs of 32 in each; runs 2 and 3 are above runs 0 and 1.
    static GroupLayout halvesOf128(int lowAt, int highAt) {
        int[][] table = new int[4][16];
        for (int group = 0; group < 16; group++) {
            int half = group / 8;
            int run = group % 8 / 2;
            int part = group % 2 * GROUP;
            table[0][group] = lowAt + half * 64 + run % 2 * 32 + part;
            table[1][group] = run / 2 * 4;
            table[2][group] = highAt + half * 32 + part;
            table[3][group] = run * 2;
        }
        return new GroupLayout(table[0], table[1], table[2], table[3], 2, false, 32);
    }

    int groups() {
        return low.length;
    }
}
