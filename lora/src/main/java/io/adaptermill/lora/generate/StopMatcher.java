package io.adaptermill.lora.generate;

import java.util.List;

/// Watches an answer grow for stop strings, and holds back text that could still become one.
///
/// Mutable; belongs to one answer.
final class StopMatcher {
    private final List<String> stops;
    private final StringBuilder text = new StringBuilder();
    private int given;
    private boolean stopped;

    StopMatcher(List<String> stops) {
        this.stops = stops;
    }

    /// @return the text that is certain now, often empty
    String add(String piece) {
        int from = text.length();
        text.append(piece);
        int stop = firstStop(from);
        if (stop >= 0) {
            stopped = true;
            text.setLength(stop);
            return give(stop);
        }
        return give(text.length() - held());
    }

    boolean isStopped() {
        return stopped;
    }

    /// What was held back; the answer is over.
    String finish() {
        return give(text.length());
    }

    /// The whole answer.
    String text() {
        return text.toString();
    }

    private String give(int to) {
        String certain = text.substring(given, Math.max(given, to));
        given = Math.max(given, to);
        return certain;
    }

    private int firstStop(int from) {
        int first = -1;
        for (String stop : stops) {
            int at = text.indexOf(stop, Math.max(0, from - stop.length() + 1));
            if (at >= 0 && (first < 0 || at < first)) first = at;
        }
        return first;
    }

    /// Characters at the end that begin a stop.
    private int held() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, text.length()); length > longest; length--) {
                if (stop.startsWith(text.substring(text.length() - length))) longest = length;
            }
        }
        return longest;
    }
}
