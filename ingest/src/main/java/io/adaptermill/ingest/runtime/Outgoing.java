package io.adaptermill.ingest.runtime;

import org.jspecify.annotations.Nullable;

/// A record's value with the topic it goes to.
public record Outgoing(String topic, byte @Nullable [] value) {}
