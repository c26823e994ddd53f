package io.adaptermill.lora.train;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/// Who goes through the base next, and with whom: whoever waits longest always does, and takes along all of its kind
/// that still find room, in the order they came. So each tenant waits for at most one pass of each other one.
///
/// @param <T> who waits
final class PassQueue<T> {
    private final int rowsMax;
    private final Deque<Waiting<T>> waiting = new ArrayDeque<>();

    /// @param rowsMax of a shared pass; one that is larger goes alone
    PassQueue(int rowsMax) {
        this.rowsMax = rowsMax;
    }

    /// @param who asked
    record Waiting<T>(T who, PassRequest request) {}

    void add(T who, PassRequest request) {
        waiting.add(new Waiting<>(who, request));
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// Takes out those whose turn it is: all of one kind.
    List<Waiting<T>> next() {
        Waiting<T> first = waiting.remove();
        List<Waiting<T>> together = new ArrayList<>(List.of(first));
        int rows = first.request().rows();
        for (Iterator<Waiting<T>> others = waiting.iterator(); others.hasNext(); ) {
            Waiting<T> other = others.next();
            boolean fits = rows + other.request().rows() <= rowsMax;
            if (fits && shares(first.request(), other.request())) {
                together.add(other);
                rows += other.request().rows();
                others.remove();
            }
        }
        return together;
    }

    private static boolean shares(PassRequest one, PassRequest other) {
        return switch (one) {
            case PassRequest.Learn _ -> other instanceof PassRequest.Learn;
            case PassRequest.Score _ -> other instanceof PassRequest.Score;
            case PassRequest.Anchored _ -> false;
        };
    }
}
