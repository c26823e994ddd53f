/// What waits for a tenant's next batch, and when it closes.
@NullMarked
package io.adaptermill.ingest.batch;

import org.jspecify.annotations.NullMarked;
