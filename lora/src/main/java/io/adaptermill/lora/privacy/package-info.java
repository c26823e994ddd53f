/// Differential privacy: gradients that no single example can be read off, and what they have spent.
@NullMarked
package io.adaptermill.lora.privacy;

import org.jspecify.annotations.NullMarked;
