package io.adaptermill.lora.generate;

/// Tokens by falling weight, only as many sorted as are taken; equal weights by rising token.
final class TokenHeap {
    private final float[] weights;
    private final int at;
    private final int[] tokens;
    private int size;

    TokenHeap(float[] weights, int at, int count) {
        this.weights = weights;
        this.at = at;
        this.tokens = new int[count];
        this.size = count;
        for (int i = 0; i < count; i++) tokens[i] = i;
        for (int i = count / 2 - 1; i >= 0; i--) sink(i);
    }

    int pop() {
        int first = tokens[0];
        tokens[0] = tokens[--size];
        sink(0);
        return first;
    }

    private void sink(int from) {
        int i = from;
        while (true) {
            int child = 2 * i + 1;
            if (child >= size) return;
            if (child + 1 < size && isBefore(tokens[child + 1], tokens[child])) child++;
            if (!isBefore(tokens[child], tokens[i])) return;
            int moved = tokens[i];
            tokens[i] = tokens[child];
            tokens[child] = moved;
            i = child;
        }
    }

    private boolean isBefore(int a, int b) {
        float x = weights[at + a];
        float y = weights[at + b];
        return x > y || (x == y && a < b);
    }
}
