package io.adaptermill.cli.importer;

/// A row that its format cannot use. Its message is short and the same for the same fault.
///
/// *What to do:* count it by its message and go on with the next row.
final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable(String reason) {
        super(reason, null, false, false);
    }
}
