/// Feedback over HTTP.
@NullMarked
package io.adaptermill.ingest.http;

import org.jspecify.annotations.NullMarked;
