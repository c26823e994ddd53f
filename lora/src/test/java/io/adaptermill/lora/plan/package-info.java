@NullMarked
package io.adaptermill.lora.plan;

import org.jspecify.annotations.NullMarked;
