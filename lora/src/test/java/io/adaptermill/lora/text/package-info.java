@NullMarked
package io.adaptermill.lora.text;

import org.jspecify.annotations.NullMarked;
