/// Personal data and secrets are taken out of text before anything keeps it.
@NullMarked
package io.adaptermill.ingest.redact;

import org.jspecify.annotations.NullMarked;
