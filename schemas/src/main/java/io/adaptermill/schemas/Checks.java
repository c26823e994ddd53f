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

    public static String filled(String field, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(field + " must not be empty");
        }
        return value;
    }

    private static String shortened(String value) {
        return value.length() <= 80 ? value : value.substring(0, 80) + "…";
    }
}
