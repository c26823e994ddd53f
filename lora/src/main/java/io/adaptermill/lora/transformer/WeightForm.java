package io.adaptermill.lora.transformer;

import java.util.Arrays;
import java.util.stream.Collectors;

/// How the base's linears lie in memory while training and scoring; the results have the same bits.
public enum WeightForm {
    /// As the base is stored, in 4 bits as a rule, widened at each use.
    AS_STORED("4bit"),
    /// Widened once, to two bytes each: a few hundredths faster on long batches, more on short ones, for 2 GB more with
    /// a
    /// billion weights.
    WIDENED("bf16");

    private final String setting;

    WeightForm(String setting) {
        this.setting = setting;
    }

    /// What `adaptermill.weights` says.
    ///
    /// @throws IllegalArgumentException if there is no such form
    public static WeightForm of(String setting) {
        return Arrays.stream(values())
                .filter(form -> form.setting.equals(setting))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("adaptermill.weights must be one of "
                        + Arrays.stream(values()).map(form -> form.setting).collect(Collectors.joining(", "))
                        + ", was " + setting));
    }
}
