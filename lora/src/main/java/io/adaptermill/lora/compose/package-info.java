/// Several adapters at once over one base: levels that build on one another, weights found for a task,
/// weights found for an input.
///
/// Whatever the weights, what is served is one adapter, the exact concatenation `Σ w ΔW`
/// ([io.adaptermill.artifacts.merge.MergeMethod.Concatenation]), so every server that knows LoRA serves it.
@NullMarked
package io.adaptermill.lora.compose;

import org.jspecify.annotations.NullMarked;
