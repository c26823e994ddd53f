/// What a candidate must show before it may serve: pure, replayable from the numbers alone.
@NullMarked
package io.adaptermill.evaluator.gate;

import org.jspecify.annotations.NullMarked;
