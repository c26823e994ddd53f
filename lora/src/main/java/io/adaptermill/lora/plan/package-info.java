/// How much memory training needs, said before it starts: arithmetic over a model's configuration, a line for
/// each thing that the trainer keeps.
///
/// The lines are those of `transformer`, `train` and `quant`, so they are tested against what those really
/// allocate.
@NullMarked
package io.adaptermill.lora.plan;

import org.jspecify.annotations.NullMarked;
