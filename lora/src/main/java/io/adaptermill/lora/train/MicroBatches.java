package io.adaptermill.lora.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/// Splits work into pieces whose tokens fit the memory of one pass; the sum over pieces is the whole.
///
/// The bound is a constant and not a setting: pieces decide the order in which gradients are added up, hence
/// bits.
public final class MicroBatches {
    /// Tokens that go through the decoder together; a single lesson may be longer.
    public static final int TOKENS_MAX = 1024;
    /// Attention scores of one head that are computed together: four sequences of 2,048 tokens, or 1,024 of
    /// 128.
    public static final long SCORES_MAX = 1L << 24;

    private MicroBatches() {}

    public static <T> List<List<T>> of(List<T> items, ToIntFunction<T> rows) {
        List<List<T>> pieces = new ArrayList<>();
        List<T> open = new ArrayList<>();
        int tokens = 0;
        for (T item : items) {
            int more = rows.applyAsInt(item);
            if (!open.isEmpty() && tokens + more > TOKENS_MAX) {
                pieces.add(List.copyOf(open));
                open.clear();
                tokens = 0;
            }
            open.add(item);
            tokens += more;
        }
        if (!open.isEmpty()) pieces.add(List.copyOf(open));
        return List.copyOf(pieces);
    }
}
