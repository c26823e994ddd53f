package io.adaptermill.kafka.group;

import io.adaptermill.kafka.GivenUp;
import org.apache.kafka.common.TopicPartition;

/// The partition whose record is being worked on went to another member, who will work on it: going on is in vain.
final class PartitionLost extends GivenUp {
    private static final long serialVersionUID = 1L;

    PartitionLost(TopicPartition partition) {
        super(partition + " went to another member of the group, which takes its records up again");
    }
}
