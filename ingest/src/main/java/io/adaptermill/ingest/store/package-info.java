/// The state of the topology, tenant by tenant.
@NullMarked
package io.adaptermill.ingest.store;

import org.jspecify.annotations.NullMarked;
