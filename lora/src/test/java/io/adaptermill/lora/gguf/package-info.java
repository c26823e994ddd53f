@NullMarked
package io.adaptermill.lora.gguf;

import org.jspecify.annotations.NullMarked;
