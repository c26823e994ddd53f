package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Products;
import io.adaptermill.lora.kernel.SequenceGroup;
import io.adaptermill.lora.kernel.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Sequences laid end to end without padding, and which of their rows predict a token that counts.
///
/// @param tokens one a row, then zeros up to a multiple of 16, and to as many as products by rows take
/// @param spans whose rows are whose; one where nothing was joined
/// @param groups whose attention is computed together
/// @param labelRows rows that predict a token that counts
/// @param targets the tokens they predict
/// @param sequences which of the given sequences each label belongs to
public record TokenBatch(
        int[] tokens, List<Span> spans, List<SequenceGroup> groups, int[] labelRows, int[] targets, int[] sequences) {
    private static final int ROW_STEP = 16;
    /// Sequences share a group while the longest is at most this much longer than the shortest.
    private static final double PADDING_MAX = 1.25;

    /// @param scoresMax most attention scores of one head to compute together, which bounds memory
    public static TokenBatch of(List<TokenSequence> sequences, long scoresMax) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) order.add(i);
        order.sort(Comparator.comparingInt(i -> -sequences.get(i).rows()));

        int used = sequences.stream().mapToInt(TokenSequence::rows).sum();
        int labels = sequences.stream().mapToInt(TokenSequence::targets).sum();
        int[] tokens = new int[Math.max(Products.ROWS_MIN, roundUp(used, ROW_STEP))];
        int[] labelRows = new int[labels];
        int[] targets = new int[labels];
        int[] owners = new int[labels];
        List<SequenceGroup> groups = new ArrayList<>();
        Grouping open = new Grouping(scoresMax);
        int row = 0;
        int label = 0;
        for (int index : order) {
            TokenSequence sequence = sequences.get(index);
            if (!open.takes(sequence.rows())) {
                groups.add(open.close());
                open = new Grouping(scoresMax);
            }
            open.add(row, sequence.rows());
            System.arraycopy(sequence.tokens(), 0, tokens, row, sequence.rows());
            for (int t = sequence.firstTarget(); t < sequence.tokens().length; t++) {
                labelRows[label] = row + t - 1;
                targets[label] = sequence.tokens()[t];
                owners[label++] = index;
            }
            row += sequence.rows();
        }
        groups.add(open.close());
        return new TokenBatch(
                tokens, List.of(new Span(0, used, tokens.length)), List.copyOf(groups), labelRows, targets, owners);
    }

    /// Rows that belong together.
    ///
    /// @param used rows with a token
    /// @param rows a multiple of 16, the padding included
    public record Span(int first, int used, int rows) {
        Span behind(int row) {
            return new Span(row + first, used, rows);
        }
    }

    /// Lays batches one behind the other; each keeps its groups, so that nothing about its rows changes but their
    /// place.
    public static TokenBatch join(List<TokenBatch> batches) {
        if (batches.size() == 1) return batches.getFirst();
        int rows = batches.stream().mapToInt(TokenBatch::rows).sum();
        int labels = batches.stream().mapToInt(TokenBatch::labels).sum();
        int[] tokens = new int[rows];
        int[] labelRows = new int[labels];
        int[] targets = new int[labels];
        int[] sequences = new int[labels];
        List<Span> spans = new ArrayList<>();
        List<SequenceGroup> groups = new ArrayList<>();
        int row = 0;
        int label = 0;
        int sequence = 0;
        for (TokenBatch batch : batches) {
            System.arraycopy(batch.tokens, 0, tokens, row, batch.rows());
            System.arraycopy(batch.targets, 0, targets, label, batch.labels());
            int most = 0;
            for (int i = 0; i < batch.labels(); i++) {
                labelRows[label + i] = row + batch.labelRows[i];
                sequences[label + i] = sequence + batch.sequences[i];
                most = Math.max(most, batch.sequences[i] + 1);
            }
            for (Span span : batch.spans) spans.add(span.behind(row));
            for (SequenceGroup group : batch.groups) groups.add(group.behind(row));
            row += batch.rows();
            label += batch.labels();
            sequence += most;
        }
        return new TokenBatch(tokens, List.copyOf(spans), List.copyOf(groups), labelRows, targets, sequences);
    }

    /// What belongs to each of the joined batches, whose labels lie one behind the other.
    static List<double[]> split(List<TokenBatch> batches, double[] labels) {
        List<double[]> parts = new ArrayList<>();
        int first = 0;
        for (TokenBatch batch : batches) {
            parts.add(Arrays.copyOfRange(labels, first, first + batch.labels()));
            first += batch.labels();
        }
        return parts;
    }

    /// Rows with a token.
    public int used() {
        return spans.stream().mapToInt(Span::used).sum();
    }

    /// Zeroes the rows that have no token.
    void clearPadding(Tensor activations) {
        for (Span span : spans) activations.clear(span.first() + span.used(), span.first() + span.rows());
    }

    /// Rows of every activation.
    public int rows() {
        return tokens.length;
    }

    public int labels() {
        return targets.length;
    }

    private static int roundUp(int value, int step) {
        return (value + step - 1) / step * step;
    }

    private static final class Grouping {
        private final long scoresMax;
        private final List<Integer> firstRows = new ArrayList<>();
        private final List<Integer> lengths = new ArrayList<>();
        private int padded;

        Grouping(long scoresMax) {
            this.scoresMax = scoresMax;
        }

        boolean takes(int length) {
            if (lengths.isEmpty()) return true;
            long scores = (lengths.size() + 1L) * padded * padded;
            return scores <= scoresMax && padded <= roundUp(length, SequenceGroup.STEP) * PADDING_MAX;
        }

        void add(int row, int length) {
            if (lengths.isEmpty()) padded = roundUp(length, SequenceGroup.STEP);
            firstRows.add(row);
            lengths.add(length);
        }

        SequenceGroup close() {
            return new SequenceGroup(
                    firstRows.stream().mapToInt(Integer::intValue).toArray(),
                    lengths.stream().mapToInt(Integer::intValue).toArray(),
                    padded);
        }
    }
}
