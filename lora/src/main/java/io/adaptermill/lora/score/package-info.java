/// Likelihoods of responses, without training: what the evaluator compares and what preference losses measure
/// against.
@NullMarked
package io.adaptermill.lora.score;

import org.jspecify.annotations.NullMarked;
