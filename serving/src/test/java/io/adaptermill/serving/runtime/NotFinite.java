package io.adaptermill.serving.runtime;

import io.adaptermill.artifacts.Adapter;

/// Spoils an adapter's weights in place.
final class NotFinite {
    private NotFinite() {}

    static Adapter of(Adapter adapter) {
        adapter.modules().firstEntry().getValue().a().values()[0] = Float.NaN;
        return adapter;
    }
}
