package io.adaptermill.kafka.group;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/// Whether a partition is ours to commit, as of now.
public sealed interface Claim {
    /// @param committed everything below this offset has its result, whoever published it
    /// @param group the membership under which a commit counts; a later rebalance makes the broker refuse it
    record Held(long committed, ConsumerGroupMetadata group) implements Claim {}

    /// Another member has it, or will have it.
    record Lost() implements Claim {}
}
