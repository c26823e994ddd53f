/// Feedback that names an answer, and the answer it names.
@NullMarked
package io.adaptermill.ingest.join;

import org.jspecify.annotations.NullMarked;
