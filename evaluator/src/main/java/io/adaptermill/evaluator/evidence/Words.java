package io.adaptermill.evaluator.evidence;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A text as its words: what all comparisons of answers look at.
final class Words {
    private Words() {}

    /// In lower case, without what is neither letter nor digit.
    static List<String> of(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /// Share of the word triples that stood before in the same text; 0 for fewer than two triples.
    static double repetition(String text) {
        List<String> words = of(text);
        int triples = words.size() - 2;
        if (triples < 2) return 0;
        Set<List<String>> seen = new HashSet<>();
        int again = 0;
        for (int i = 0; i < triples; i++) {
            if (!seen.add(words.subList(i, i + 3))) again++;
        }
        return (double) again / triples;
    }

    /// Letters and digits alone, so that no spacing hides a word.
    static String squeezed(String text) {
        return String.join("", of(text));
    }
}
