@NullMarked
package io.adaptermill.artifacts.safetensors;

import org.jspecify.annotations.NullMarked;
