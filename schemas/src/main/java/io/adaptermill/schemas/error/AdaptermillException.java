package io.adaptermill.schemas.error;

/// The root of the failures a shell must treat, each in its own way.
///
/// Refusals are not here: they are values and become events. Our own mistakes are not here either: those are
/// [IllegalStateException] and [IllegalArgumentException], and stop the service.
public abstract sealed class AdaptermillException extends RuntimeException permits ContractViolation, Unavailable {
    private static final long serialVersionUID = 1L;

    AdaptermillException(String message, Throwable cause) {
        super(message, cause);
    }

    AdaptermillException(String message) {
        super(message);
    }
}
