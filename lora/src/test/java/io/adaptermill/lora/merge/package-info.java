@NullMarked
package io.adaptermill.lora.merge;

import org.jspecify.annotations.NullMarked;
