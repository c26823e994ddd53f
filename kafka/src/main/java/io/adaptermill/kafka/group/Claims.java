package io.adaptermill.kafka.group;

import org.apache.kafka.common.TopicPartition;

/// What the group says about its partitions.
public interface Claims {
    /// Asks the brokers.
    ///
    /// @throws io.adaptermill.schemas.error.Unavailable if they do not answer, or the group is just changing
    Claim of(TopicPartition partition);

    /// Asks nobody: cheap enough for every step of long work, and at most one rebalance behind.
    boolean isHeld(TopicPartition partition);
}
