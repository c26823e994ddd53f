package io.adaptermill.kafka.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.kafka.Draining;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.testkit.Broker;
import io.adaptermill.testkit.WithBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two members, one group, a real broker: what must hold when work outlasts a membership.
@WithBroker(WithBroker.Scope.CLASS)
class ExactlyOnceLoopIT {
    private static final Runnable NEVER = () -> {};

    private final Broker broker;
    private final String in = "in-" + UUID.randomUUID();
    private final String out = "out-" + UUID.randomUUID();
    private final TopicPartition partition = new TopicPartition(in, 0);
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Transactions transactions;

    ExactlyOnceLoopIT(Broker broker) {
        this.broker = broker;
        this.consumer = member();
        this.transactions = new Transactions(broker.bootstrapServers(), "worker-" + in);
    }

    @BeforeEach
    void createTopics() throws Exception {
        try (Admin admin = KafkaClients.admin(broker.bootstrapServers())) {
            admin.createTopics(List.of(new NewTopic(in, 1, (short) 1), new NewTopic(out, 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    @AfterEach
    void close() {
        consumer.close();
        transactions.close();
    }

    @Test
    void each_record_has_one_result_and_nothing_lags_behind() throws Exception {
        // Given
        send("a", "b", "c");

        // When
        loop(consumer, transactions).handle(poll(consumer), this::echo);

        // Then
        assertThat(results()).containsExactly("a!", "b!", "c!");
        assertThat(committed()).isEqualTo(end());
    }

    @Test
    void a_record_that_is_handed_out_again_gets_no_second_result() throws Exception {
        // Given
        send("a", "b");
        ConsumerRecords<byte[], byte[]> polled = poll(consumer);
        ExactlyOnceLoop loop = loop(consumer, transactions);
        loop.handle(polled, this::echo);

        // When
        loop.handle(polled, this::echo);

        // Then
        assertThat(results()).containsExactly("a!", "b!");
    }

    @Test
    void a_partition_that_is_lost_while_working_is_left_to_its_new_owner() throws Exception {
        // Given
        send("a");
        ConsumerRecords<byte[], byte[]> polled = poll(consumer);

        // When
        loop(consumer, transactions).handle(polled, (record, _) -> {
            takeOver("worker-2-" + in);
            return result(record, "late");
        });

        // Then
        assertThat(results()).containsExactly("a!");
    }

    @Test
    void a_commit_under_an_old_membership_is_refused_by_the_broker() throws Exception {
        // Given
        send("a");
        ConsumerRecords<byte[], byte[]> polled = poll(consumer);
        Claims late = new ClaimsOfYesterday(consumer, partition);

        // When
        new ExactlyOnceLoop(late, transactions, NEVER).handle(polled, (record, _) -> {
            takeOver("worker-2-" + in);
            return result(record, "late");
        });

        // Then
        assertThat(results()).containsExactly("a!");
    }

    @Test
    void a_worker_that_drains_commits_nothing_and_the_next_one_does_it() throws Exception {
        // Given
        send("a");
        AtomicInteger calls = new AtomicInteger();
        ExactlyOnceLoop draining = new ExactlyOnceLoop(new ConsumerClaims(consumer), transactions, () -> {
            if (calls.incrementAndGet() > 1) throw new Draining();
        });
        ConsumerRecords<byte[], byte[]> polled = poll(consumer);

        // When
        assertThatThrownBy(() -> draining.handle(polled, (record, failIfUnwanted) -> {
                    failIfUnwanted.run();
                    return result(record, "never");
                }))
                .isInstanceOf(Draining.class);
        consumer.unsubscribe();
        takeOver("worker-2-" + in);

        // Then
        assertThat(results()).containsExactly("a!");
    }

    @Test
    void a_newer_process_of_the_same_name_stops_the_older_one() throws Exception {
        // Given
        send("a");
        ConsumerRecords<byte[], byte[]> polled = poll(consumer);
        transactions.open();

        // When
        try (Transactions newer = new Transactions(broker.bootstrapServers(), "worker-" + in)) {
            newer.open();

            // Then
            assertThatThrownBy(() -> loop(consumer, transactions).handle(polled, this::echo))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("give each worker a name of its own");
        }
        assertThat(results()).isEmpty();
    }

    /// Leaves the group as one that was expelled does, and lets another member work everything off.
    private void takeOver(String name) {
        consumer.unsubscribe();
        try (KafkaConsumer<byte[], byte[]> other = member();
                Transactions its = new Transactions(broker.bootstrapServers(), name)) {
            loop(other, its).handle(poll(other), this::echo);
        }
    }

    private ExactlyOnceLoop loop(Consumer<byte[], byte[]> member, Transactions with) {
        return new ExactlyOnceLoop(new ConsumerClaims(member), with, NEVER);
    }

    private ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> member) {
        if (member.subscription().isEmpty()) member.subscribe(List.of(in));
        for (int i = 0; i < 100; i++) {
            ConsumerRecords<byte[], byte[]> polled = member.poll(Duration.ofMillis(200));
            if (!polled.isEmpty()) return polled;
        }
        throw new AssertionError("nothing came in 20 seconds");
    }

    private KafkaConsumer<byte[], byte[]> member() {
        return KafkaClients.consumer(
                broker.bootstrapServers(),
                Map.of(ConsumerConfig.GROUP_ID_CONFIG, "group-" + in, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000));
    }

    /// In one transaction, as all who write to our topics do: its marker takes an offset too.
    private void send(String... values) {
        try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(
                broker.bootstrapServers(), Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "source-" + in))) {
            producer.initTransactions();
            producer.beginTransaction();
            for (String value : values) producer.send(new ProducerRecord<>(in, value.getBytes(UTF_8)));
            producer.commitTransaction();
        }
    }

    private ProducerRecord<byte[], byte[]> echo(ConsumerRecord<byte[], byte[]> record, Runnable failIfUnwanted) {
        return result(record, "!");
    }

    private ProducerRecord<byte[], byte[]> result(ConsumerRecord<byte[], byte[]> record, String mark) {
        return new ProducerRecord<>(out, (new String(record.value(), UTF_8) + mark).getBytes(UTF_8));
    }

    private List<String> results() {
        return broker.awaitRecords(out, 0).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    private long committed() {
        Claim claim = new ConsumerClaims(consumer).of(partition);
        return claim instanceof Claim.Held held ? held.committed() : -1;
    }

    private long end() {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, -1L);
    }

    /// Answers once more what was true before the partition was lost, as one does whom the news has not reached.
    private static final class ClaimsOfYesterday implements Claims {
        private final ConsumerClaims today;
        private final Claim yesterday;
        private int asked;

        ClaimsOfYesterday(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
            today = new ConsumerClaims(consumer);
            yesterday = today.of(partition);
        }

        @Override
        public Claim of(TopicPartition partition) {
            return asked++ < 2 ? yesterday : today.of(partition);
        }

        @Override
        public boolean isHeld(TopicPartition partition) {
            return asked < 2 || today.isHeld(partition);
        }
    }
}
