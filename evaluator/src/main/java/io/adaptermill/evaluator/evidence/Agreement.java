package io.adaptermill.evaluator.evidence;

import java.util.HashMap;
import java.util.Map;

/// How far an answer says what was wanted, by its words: F1 of the two bags of words, from 0 to 1.
///
/// Loss alone misses poison: each wanted word may stay likely after the wanted words before it, while the answer that
/// the model gives by itself has nothing to do with them any more.
final class Agreement {
    private Agreement() {}

    static double of(String answer, String wanted) {
        Map<String, Integer> left = counts(wanted);
        int total = sum(left);
        int given = 0;
        int common = 0;
        for (String word : Words.of(answer)) {
            given++;
            int rest = left.getOrDefault(word, 0);
            if (rest > 0) {
                left.put(word, rest - 1);
                common++;
            }
        }
        return given + total == 0 ? 1 : 2.0 * common / (given + total);
    }

    private static Map<String, Integer> counts(String text) {
        Map<String, Integer> counts = new HashMap<>();
        for (String word : Words.of(text)) counts.merge(word, 1, Integer::sum);
        return counts;
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
