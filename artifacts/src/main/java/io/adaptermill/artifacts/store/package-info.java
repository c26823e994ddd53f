/// Stores that really keep artifacts.
@NullMarked
package io.adaptermill.artifacts.store;

import org.jspecify.annotations.NullMarked;
