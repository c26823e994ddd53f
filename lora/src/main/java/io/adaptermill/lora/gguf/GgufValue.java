package io.adaptermill.lora.gguf;

import java.util.List;

/// One metadata value. Integers of every width are longs; arrays of anything but strings and integers are kept out.
sealed interface GgufValue {
    record Whole(long value) implements GgufValue {}

    record Real(double value) implements GgufValue {}

    record Flag(boolean value) implements GgufValue {}

    record Text(String value) implements GgufValue {}

    record Texts(List<String> values) implements GgufValue {}

    record Wholes(int[] values) implements GgufValue {
        @Override
        public boolean equals(Object other) {
            return other instanceof Wholes that && java.util.Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return java.util.Arrays.hashCode(values);
        }
    }

    /// An array we have no use for; read past, not kept.
    record Skipped(long count) implements GgufValue {}
}
