/// The shell around Kafka that all services share: topics, clients, followers, dead letters.
@NullMarked
package io.adaptermill.kafka;

import org.jspecify.annotations.NullMarked;
