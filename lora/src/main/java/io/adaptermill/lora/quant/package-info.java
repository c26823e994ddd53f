/// How the frozen base is stored, and how its rows become numbers again: NF4, GGUF blocks, dense.
@NullMarked
package io.adaptermill.lora.quant;

import org.jspecify.annotations.NullMarked;
