/// Low-rank methods as values: what trains, how it starts, how fast each part learns, and what happens around a
/// step. [Methods] is the list of all; nothing outside this package knows which of them runs.
@NullMarked
package io.adaptermill.lora.variant;

import org.jspecify.annotations.NullMarked;
