package io.adaptermill.lora.kernel;

/// Sequences whose attention is computed together, each padded to the same length; everywhere else tokens are
/// packed without padding.
///
/// @param firstRows where each sequence's tokens begin in the packed rows
/// @param lengths each sequence's tokens
/// @param padded length given to all of them, a multiple of 16
public record SequenceGroup(int[] firstRows, int[] lengths, int padded) {
    /// Padded lengths are multiples of this, so that no row of scores ends inside a vector.
    public static final int STEP = 16;

    public SequenceGroup {
        if (firstRows.length != lengths.length || lengths.length == 0) {
            throw new IllegalArgumentException(
                    "a group needs one length for each first row, had " + lengths.length + " for " + firstRows.length);
        }
        if (padded % STEP != 0) throw new IllegalArgumentException("padded must be a multiple of 16, was " + padded);
        for (int length : lengths) {
            if (length < 1 || length > padded) {
                throw new IllegalArgumentException("a length must be in [1, " + padded + "], was " + length);
            }
        }
    }

    /// The same sequences, so many rows further on.
    public SequenceGroup behind(int rows) {
        int[] moved = new int[firstRows.length];
        for (int i = 0; i < moved.length; i++) moved[i] = firstRows[i] + rows;
        return new SequenceGroup(moved, lengths, padded);
    }

    public int sequences() {
        return lengths.length;
    }
}
