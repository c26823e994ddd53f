@NullMarked
package io.adaptermill.lora.compose;

import org.jspecify.annotations.NullMarked;
