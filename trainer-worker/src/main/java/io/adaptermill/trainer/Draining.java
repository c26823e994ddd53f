package io.adaptermill.trainer;

/// The worker is stopping: what it was about is left to whoever comes next.
final class Draining extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Draining() {
        super("the worker is stopping; the batch is trained again by the next one");
    }
}
