/// The journey as records: one per topic, in the order of [io.adaptermill.schemas.Topics].
@NullMarked
package io.adaptermill.schemas.event;

import org.jspecify.annotations.NullMarked;
