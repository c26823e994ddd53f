/// Measurements to run by hand, next to the same step elsewhere.
@NullMarked
package io.adaptermill.lora.bench;

import org.jspecify.annotations.NullMarked;
