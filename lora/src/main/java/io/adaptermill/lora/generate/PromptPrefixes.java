package io.adaptermill.lora.generate;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/// The first tokens of a recent prompt for each adapter, with what they left in memory: a tenant's system
/// prompt is read once and not for every request.
///
/// Keyed by the loaded adapter itself, never by a name, so a new version can never see an old one's keys
/// and values; goes with it. Changes no bit of an answer, as a row's numbers do not depend on its batch.
///
/// Owned by the generator's thread.
final class PromptPrefixes {
    /// Longer ones are cut: this much costs 3 MB an adapter with the demo's model, and covers a short system prompt.
    static final int TOKENS_MAX = 64;
    /// A prefix in common that is shorter is not worth the copy, and the next prompt replaces it.
    static final int TOKENS_MIN = 8;

    private static final Object BASE = new Object();

    private final Map<Object, Prefix> prefixes = new WeakHashMap<>();

    private record Prefix(int[] tokens, KeyValues memory) {
        int common(int[] prompt) {
            int mismatch = Arrays.mismatch(tokens, prompt);
            // The last token must be read: the first one of the answer is chosen after it.
            return Math.min(mismatch < 0 ? tokens.length : mismatch, prompt.length - 1);
        }
    }

    /// @param memory of a new answer; gets what is known of its prompt
    /// @return tokens of the prompt that need not be read
    int recall(Optional<LoadedAdapter> adapter, int[] prompt, KeyValues memory) {
        Prefix prefix = prefixes.get(key(adapter));
        int common = prefix == null ? 0 : prefix.common(prompt);
        if (prefix == null || common < TOKENS_MIN) return 0;
        memory.copyFrom(prefix.memory(), common);
        return common;
    }

    /// @param memory after the whole prompt was read
    void remember(Optional<LoadedAdapter> adapter, int[] prompt, KeyValues memory) {
        Prefix known = prefixes.get(key(adapter));
        if (known != null && known.common(prompt) >= TOKENS_MIN) return;
        int[] tokens = Arrays.copyOf(prompt, Math.min(prompt.length, TOKENS_MAX));
        prefixes.put(key(adapter), new Prefix(tokens, memory.copy(tokens.length)));
    }

    private static Object key(Optional<LoadedAdapter> adapter) {
        return adapter.isPresent() ? adapter.get() : BASE;
    }
}
