@NullMarked
package io.adaptermill.artifacts;

import org.jspecify.annotations.NullMarked;
