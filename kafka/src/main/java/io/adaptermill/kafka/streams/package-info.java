/// Events in Kafka Streams topologies: bytes at the edges, so that an unreadable record is a value and not a crash.
@NullMarked
package io.adaptermill.kafka.streams;

import org.jspecify.annotations.NullMarked;
