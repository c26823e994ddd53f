package io.adaptermill.lora.text;

/// White space as Python, and so a chat template, understands it: Java's own kinds leave out spaces that do not break
/// and the next-line control.
final class Spaces {
    private static final char NEXT_LINE = '\u0085';

    private Spaces() {}

    static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) from++;
        while (to > from && isSpace(text.charAt(to - 1))) to--;
        return text.substring(from, to);
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE;
    }
}
