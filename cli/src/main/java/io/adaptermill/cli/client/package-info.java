/// The HTTP sides of ingest and serving, and the topics, as a client sees them.
@NullMarked
package io.adaptermill.cli.client;

import org.jspecify.annotations.NullMarked;
