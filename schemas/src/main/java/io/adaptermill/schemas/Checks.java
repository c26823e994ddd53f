package io.adaptermill.schemas;

import java.util.regex.Pattern;

/// Argument checks that say which field broke which limit with which value.
public final class Checks {
    private Checks() {}

    public static String matching(String field, String value, Pattern pattern, String rule) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(field + " must be " + rule + ", was \"" + shortened(value) + "\"");
        }
        return value;
    }

    public static int within(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " must be in [" + min + ", " + max + "], was " + value);
        }
        return value;
    }

    /// Refuses NaN too: the condition is positive.
    public static double within(String field, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(field + " must be in [" + min + ", " + max + "], was " + value);
        }
        return value;
    }

    public static long atLeast(String field, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(field + " must be at least " + min + ", was " + value);
        }
        return value;
    }

    /// Refuses NaN and the infinities, which JSON cannot say.
    public static double finite(String field, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(field + " must be a finite number, was " + value);
        }
        return value;
    }

    public static String filled(String field, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(field + " must not be empty");
        }
        return text(field, value);
    }

    /// Refuses half a surrogate pair: JSON can spell one, but no UTF-8 can, so it could be read and never written
    /// again.
    public static String text(String field, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                if (!isPair(value, i)) {
                    throw new IllegalArgumentException(
                            field + " must be Unicode text, had half a surrogate pair at character " + i);
                }
                i++;
            }
        }
        return value;
    }

    private static boolean isPair(String value, int at) {
        return at + 1 < value.length() && Character.isSurrogatePair(value.charAt(at), value.charAt(at + 1));
    }

    /// Keeps a hostile value from filling logs.
    public static String shortened(String value) {
        return value.length() <= 80 ? value : value.substring(0, 80) + "…";
    }
}
