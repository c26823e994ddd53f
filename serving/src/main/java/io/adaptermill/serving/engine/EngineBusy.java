package io.adaptermill.serving.engine;

/// No room in the queue, or the replica is closing.
///
/// Raised at once, so that a balancer can try another replica. What to do: repeat after a second or so.
public final class EngineBusy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EngineBusy(String message) {
        super(message);
    }
}
