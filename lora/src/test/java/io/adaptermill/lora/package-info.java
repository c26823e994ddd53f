@NullMarked
package io.adaptermill.lora;

import org.jspecify.annotations.NullMarked;
