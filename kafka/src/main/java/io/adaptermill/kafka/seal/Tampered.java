package io.adaptermill.kafka.seal;

/// What should open does not: other bytes, another place, or another key.
///
/// *What to do:* treat the record as broken; nobody who holds the key wrote it so.
public final class Tampered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Tampered(String what, Throwable cause) {
        super(what + " does not open: its bytes, its place or its key are not those it was sealed with", cause);
    }
}
