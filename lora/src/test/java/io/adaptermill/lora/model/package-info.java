@NullMarked
package io.adaptermill.lora.model;

import org.jspecify.annotations.NullMarked;
