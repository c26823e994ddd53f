@NullMarked
package io.adaptermill.lora.privacy;

import org.jspecify.annotations.NullMarked;
