/// What may train at all, and what is refused.
@NullMarked
package io.adaptermill.ingest.screen;

import org.jspecify.annotations.NullMarked;
