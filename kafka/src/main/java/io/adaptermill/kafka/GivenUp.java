package io.adaptermill.kafka;

/// Work on a record was stopped before it had a result; nothing is committed, and whoever has the partition next does
/// it.
///
/// Raised by the checks that long work makes now and then. What to do: let it pass, up to the loop that handed the
/// record out.
public abstract class GivenUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    protected GivenUp(String message) {
        super(message);
    }
}
