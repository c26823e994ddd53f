/// A training batch, from examples to new weights: rendering, the plan of steps, micro-batches, the loop.
///
/// Everything that decides is a value here and depends on the batch, the recipe and the seed alone: same
/// inputs, same bits.
@NullMarked
package io.adaptermill.lora.train;

import org.jspecify.annotations.NullMarked;
