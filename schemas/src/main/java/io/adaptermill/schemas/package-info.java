/// The contract between all services: topics, events, and how both look as JSON.
@NullMarked
package io.adaptermill.schemas;

import org.jspecify.annotations.NullMarked;
