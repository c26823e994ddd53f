package io.adaptermill.kafka;

/// The worker is stopping: what it was about is left to whoever comes next.
public final class Draining extends GivenUp {
    private static final long serialVersionUID = 1L;

    public Draining() {
        super("the worker is stopping; its record is taken up again by the next one");
    }
}
