/// Texts that can be made unreadable for good: each person's under a key of their own, which can be
/// destroyed.
@NullMarked
package io.adaptermill.kafka.seal;

import org.jspecify.annotations.NullMarked;
