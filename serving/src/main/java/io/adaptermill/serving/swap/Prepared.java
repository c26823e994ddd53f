package io.adaptermill.serving.swap;

import io.adaptermill.schemas.event.AdapterRef;

/// How far a version has come that does not answer yet.
public record Prepared(AdapterRef adapter, Stage stage) {
    /// Each stage includes those before it.
    public enum Stage {
        FETCHED,
        VERIFIED,
        LOADED
    }
}
