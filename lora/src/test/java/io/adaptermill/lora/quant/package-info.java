@NullMarked
package io.adaptermill.lora.quant;

import org.jspecify.annotations.NullMarked;
