/// Writes answers with the base model and any number of adapters at once: prefill, decode with cached keys and values,
/// sampling.
@NullMarked
package io.adaptermill.lora.generate;

import org.jspecify.annotations.NullMarked;
