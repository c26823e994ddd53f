/// Identifiers: one-field records, so that a tenant is never mistaken for a batch.
@NullMarked
package io.adaptermill.schemas.id;

import org.jspecify.annotations.NullMarked;
