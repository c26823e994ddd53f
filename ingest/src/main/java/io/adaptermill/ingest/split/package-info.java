/// Which examples judge instead of teach.
@NullMarked
package io.adaptermill.ingest.split;

import org.jspecify.annotations.NullMarked;
