@NullMarked
package io.adaptermill.lora.source;

import org.jspecify.annotations.NullMarked;
