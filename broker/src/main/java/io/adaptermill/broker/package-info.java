/// A whole Kafka in one small process: for the demo, for a local stack, for tests.
@NullMarked
package io.adaptermill.broker;

import org.jspecify.annotations.NullMarked;
