package io.adaptermill.lora.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;

/// One native tokenizer, never truncating, never adding tokens of its own.
final class Tokenizer implements AutoCloseable {
    private static final Map<String, String> OPTIONS =
            Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

    private final HuggingFaceTokenizer tokenizer;

    /// @throws IllegalArgumentException if the JSON is no tokenizer
    Tokenizer(byte[] json) {
        try {
            tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("the tokenizer cannot be built: " + e.getMessage(), e);
        }
    }

    int[] encode(String text) {
        if (text.isEmpty()) return new int[0];
        long[] ids = tokenizer.encode(wellFormed(text), false, false).getIds();
        int[] narrow = new int[ids.length];
        for (int i = 0; i < ids.length; i++) narrow[i] = Math.toIntExact(ids[i]);
        return narrow;
    }

    /// @param skipped ids that leave no trace
    String decode(int[] ids, int from, int to, BitSet skipped) {
        long[] wide = new long[to - from];
        int count = 0;
        for (int i = from; i < to; i++) {
            if (!skipped.get(ids[i])) wide[count++] = ids[i];
        }
        return count == 0 ? "" : tokenizer.decode(Arrays.copyOf(wide, count), true);
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /// Half a surrogate pair is no character and would stop the native side: it becomes U+FFFD.
    private static String wellFormed(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++) {
            if (isPair(text, i)) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                if (repaired == null) repaired = new StringBuilder(text);
                repaired.setCharAt(i, '\uFFFD');
            }
        }
        return repaired == null ? text : repaired.toString();
    }

    private static boolean isPair(String text, int i) {
        return i + 1 < text.length()
                && Character.isHighSurrogate(text.charAt(i))
                && Character.isLowSurrogate(text.charAt(i + 1));
    }
}
