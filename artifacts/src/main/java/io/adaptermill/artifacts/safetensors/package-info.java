/// The safetensors format: a bounded reader that fails closed, and a writer whose bytes depend on its input alone.
@NullMarked
package io.adaptermill.artifacts.safetensors;

import org.jspecify.annotations.NullMarked;
