/// The shell around [io.adaptermill.serving.swap]: leases on versions, and the steps of a swap as they really happen.
@NullMarked
package io.adaptermill.serving.runtime;

import org.jspecify.annotations.NullMarked;
