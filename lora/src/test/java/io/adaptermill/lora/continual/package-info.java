@NullMarked
package io.adaptermill.lora.continual;

import org.jspecify.annotations.NullMarked;
