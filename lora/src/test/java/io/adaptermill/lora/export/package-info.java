@NullMarked
package io.adaptermill.lora.export;

import org.jspecify.annotations.NullMarked;
