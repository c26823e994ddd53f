package io.adaptermill.promoter;

import org.jspecify.annotations.Nullable;

/// A record's value with the topic it goes to.
///
/// @param value null takes the tenant out of a compacted topic
record Outgoing(String topic, byte @Nullable [] value) {}
