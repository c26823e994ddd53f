package io.adaptermill.lora.text;

import java.util.Arrays;

/// A growing array of token ids. Mutable; belongs to the thread that fills it.
final class TokenBuffer {
    private int[] ids = new int[64];
    private int size;

    void add(int... more) {
        if (size + more.length > ids.length) ids = Arrays.copyOf(ids, Math.max(2 * ids.length, size + more.length));
        System.arraycopy(more, 0, ids, size, more.length);
        size += more.length;
    }

    int[] toArray() {
        return Arrays.copyOf(ids, size);
    }
}
