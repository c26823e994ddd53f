/// Takes feedback in and closes training batches: the shell around the decisions below it.
@NullMarked
package io.adaptermill.ingest;

import org.jspecify.annotations.NullMarked;
