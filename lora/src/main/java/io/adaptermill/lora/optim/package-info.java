/// What turns gradients into new weights: AdamW, clipping by the global norm, the learning rate's course, and
/// the numbers an adapter starts from.
@NullMarked
package io.adaptermill.lora.optim;

import org.jspecify.annotations.NullMarked;
