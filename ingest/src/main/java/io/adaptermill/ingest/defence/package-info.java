/// Whether feedback that may train looks like somebody's attempt to steer the model: decided from what the tenant sent
/// lately.
@NullMarked
package io.adaptermill.ingest.defence;

import org.jspecify.annotations.NullMarked;
