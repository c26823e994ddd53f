/// The processors between the topics.
@NullMarked
package io.adaptermill.ingest.runtime;

import org.jspecify.annotations.NullMarked;
