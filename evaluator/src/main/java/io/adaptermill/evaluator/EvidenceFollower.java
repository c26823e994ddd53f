package io.adaptermill.evaluator;

import io.adaptermill.evaluator.evidence.TenantEvidence;
import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.KeyFollower;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps [TenantEvidence] up with the log, from its beginning.
final class EvidenceFollower implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EvidenceFollower.class);

    private final Optional<KeyFollower> keys;
    private final TopicReader reader;

    /// @param sealKey file of the key-encryption key, absent where nothing is sealed
    EvidenceFollower(TenantEvidence evidence, String bootstrapServers, Optional<String> sealKey) {
        keys = KeyFollower.start(bootstrapServers, sealKey);
        reader = TopicReader.named("evidence")
                .opening(KeyFollower.records(keys))
                .onErased(Topics.HOLDOUT_ASSIGNED, opened -> erased(evidence, opened.record()))
                .on(Topics.TENANT_POLICIES, to(Topics.TENANT_POLICIES, evidence::policy))
                .on(Topics.HOLDOUT_ASSIGNED, to(Topics.HOLDOUT_ASSIGNED, evidence::assigned))
                .on(Topics.SUBJECT_ERASED, to(Topics.SUBJECT_ERASED, evidence::erased))
                .on(Topics.ADAPTER_TRAINED, to(Topics.ADAPTER_TRAINED, evidence::trained))
                .on(Topics.PROMOTION_DECIDED, to(Topics.PROMOTION_DECIDED, evidence::decided))
                .start(bootstrapServers);
    }

    boolean isCaughtUp() {
        return reader.caughtUp().isDone();
    }

    /// Why it can no longer follow, if so: then only a restart helps.
    Optional<Throwable> failure() {
        return reader.failure().or(() -> keys.flatMap(KeyFollower::failure));
    }

    private static void erased(TenantEvidence evidence, ConsumerRecord<byte[], byte[]> record) {
        TenantId tenant = new TenantId(new String(record.key(), StandardCharsets.UTF_8));
        evidence.erased(
                tenant, EventJson.read(record.value(), ErasedHoldout.class).sequence());
    }

    /// What is in clear of a sealed hold-out example.
    private record ErasedHoldout(long sequence) {}

    private static <E extends Event> Consumer<EventRead<E>> to(Topic<E> topic, BiConsumer<TenantId, E> consumer) {
        return read -> {
            switch (read) {
                case EventRead.Readable<E>(var envelope) -> consumer.accept(envelope.tenant(), envelope.event());
                case EventRead.Removed<E> _ -> {}
                case EventRead.Unreadable<E>(var violation, var _, var _) ->
                    LOGGER.atWarn()
                            .addKeyValue("topic", topic)
                            .addKeyValue("error", violation.getMessage())
                            .log("record is not readable and not judged by");
            }
        };
    }

    @Override
    public void close() {
        reader.close();
        keys.ifPresent(KeyFollower::close);
    }
}
