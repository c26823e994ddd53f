/// Which versions a person is in, and how training goes on without them. Pure.
@NullMarked
package io.adaptermill.ingest.erasure;

import org.jspecify.annotations.NullMarked;
