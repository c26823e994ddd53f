/// Artifacts from the shared store.
@NullMarked
package io.adaptermill.serving.store;

import org.jspecify.annotations.NullMarked;
