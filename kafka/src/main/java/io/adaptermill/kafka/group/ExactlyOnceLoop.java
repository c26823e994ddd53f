package io.adaptermill.kafka.group;

import io.adaptermill.kafka.Draining;
import io.adaptermill.kafka.Retries;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives each record of a topic exactly one result: works outside any transaction, then publishes and commits in one.
///
/// Work may take long and the group may change meanwhile. So each commit is made under the membership of that moment,
/// after a look at what is committed: a record that has its result by now is left alone, and the broker refuses a
/// commit that a rebalance has overtaken. Records may therefore come here twice or too late without harm, which
/// consumers that read ahead of their work cannot avoid.
///
/// Used by one thread.
public final class ExactlyOnceLoop {
    private static final Logger LOGGER = LoggerFactory.getLogger(ExactlyOnceLoop.class);

    private final Claims claims;
    private final Transactions transactions;
    private final Runnable failIfDraining;

    /// @param failIfDraining throws [Draining] once the worker stops
    public ExactlyOnceLoop(Claims claims, Transactions transactions, Runnable failIfDraining) {
        this.claims = claims;
        this.transactions = transactions;
        this.failIfDraining = failIfDraining;
    }

    /// What a record ends in.
    @FunctionalInterface
    public interface Work {
        /// @param failIfUnwanted to be called now and then: throws if the result would not be taken any more
        ProducerRecord<byte[], byte[]> of(ConsumerRecord<byte[], byte[]> record, Runnable failIfUnwanted);

        /// Hears of all that was polled before it is asked for the first, so that it may begin some of it together; of
        /// nothing when the poll is done with. Some may never be asked for.
        ///
        /// @param expected in the order in which they will be asked for
        default void expect(List<Expected> expected) {}
    }

    /// A record that will be asked for.
    ///
    /// @param failIfUnwanted as [Work#of] gets it
    public record Expected(ConsumerRecord<byte[], byte[]> record, Runnable failIfUnwanted) {}

    /// Works off what was polled, partition by partition, in order.
    ///
    /// @throws Draining if the worker stops; what has no result yet is not committed
    /// @throws IllegalStateException if this worker must not go on
    public void handle(ConsumerRecords<byte[], byte[]> polled, Work work) {
        List<Expected> expected = new ArrayList<>();
        for (TopicPartition partition : polled.partitions()) {
            Runnable failIfUnwanted = failIfUnwanted(partition);
            for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                expected.add(new Expected(record, failIfUnwanted));
            }
        }
        try {
            work.expect(List.copyOf(expected));
            for (TopicPartition partition : polled.partitions()) {
                List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
                for (ConsumerRecord<byte[], byte[]> record : records.subList(0, records.size() - 1)) {
                    handle(partition, record, record.offset() + 1, work);
                }
                handle(partition, records.getLast(), endOf(partition, polled), work);
            }
        } finally {
            work.expect(List.of());
        }
    }

    private Runnable failIfUnwanted(TopicPartition partition) {
        return () -> {
            failIfDraining.run();
            if (!claims.isHeld(partition)) throw new PartitionLost(partition);
        };
    }

    /// Behind the last record comes its transaction's marker, which counts as lag until it is committed too.
    private static long endOf(TopicPartition partition, ConsumerRecords<byte[], byte[]> polled) {
        long afterLast = polled.records(partition).getLast().offset() + 1;
        OffsetAndMetadata next = polled.nextOffsets().get(partition);
        return next == null ? afterLast : Math.max(afterLast, next.offset());
    }

    private void handle(TopicPartition partition, ConsumerRecord<byte[], byte[]> record, long next, Work work) {
        Runnable failIfUnwanted = failIfUnwanted(partition);
        try {
            if (!Retries.whileUnavailable(failIfUnwanted, () -> isWanted(partition, record))) {
                LOGGER.atInfo()
                        .addKeyValue("partition", partition)
                        .addKeyValue("offset", record.offset())
                        .log("record has its result already");
                return;
            }
            publish(partition, record, next, work.of(record, failIfUnwanted), failIfUnwanted);
        } catch (PartitionLost e) {
            LOGGER.atInfo()
                    .addKeyValue("partition", partition)
                    .addKeyValue("offset", record.offset())
                    .log("partition went to another member, its record is left to it");
        }
    }

    private boolean isWanted(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        return switch (claims.of(partition)) {
            case Claim.Lost _ -> throw new PartitionLost(partition);
            case Claim.Held held -> held.committed() <= record.offset();
        };
    }

    private void publish(
            TopicPartition partition,
            ConsumerRecord<byte[], byte[]> record,
            long next,
            ProducerRecord<byte[], byte[]> result,
            Runnable failIfUnwanted) {
        Retries.whileUnavailable(failIfUnwanted, () -> switch (claims.of(partition)) {
            case Claim.Lost _ -> throw new PartitionLost(partition);
            case Claim.Held(long committed, var _) when committed > record.offset() -> false;
            case Claim.Held(var _, var group) -> {
                transactions.commit(result, partition, next, group);
                yield true;
            }
        });
    }
}
