package io.adaptermill.ingest.redact;

/// Finds one sort of personal data and puts its word in place of each.
@FunctionalInterface
interface Redaction {
    String apply(String text);
}
