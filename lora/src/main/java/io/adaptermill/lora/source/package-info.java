/// Where a base model comes from: a GGUF file or a Hugging Face folder, read into the same values.
@NullMarked
package io.adaptermill.lora.source;

import org.jspecify.annotations.NullMarked;
