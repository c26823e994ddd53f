/// An adapter as values and as files: weights, configuration, optimizer state, manifest, and the store's port. No
/// engine, no Kafka.
@NullMarked
package io.adaptermill.artifacts;

import org.jspecify.annotations.NullMarked;
