package io.adaptermill.lineage;

import io.adaptermill.kafka.SealedRecords;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.lineage.history.LineageLog;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The topics that lineage is made of, and how each is noted, texts or no texts.
public final class LineageTopics {
    private static final List<Topic<? extends Event>> TOPICS = List.of(
            Topics.INFERENCE_SERVED,
            Topics.FEEDBACK_RECEIVED,
            Topics.FEEDBACK_REFUSED,
            Topics.FEEDBACK_QUARANTINED,
            Topics.HOLDOUT_ASSIGNED,
            Topics.BATCH_CLOSED,
            Topics.ADAPTER_TRAINED,
            Topics.PROMOTION_DECIDED);

    private LineageTopics() {}

    /// @param log locked while it notes, so that others may ask it meanwhile under its lock
    public static void note(TopicReader.Builder builder, LineageLog log) {
        TOPICS.forEach(topic -> note(builder, topic, log));
        builder.onErased(Topics.BATCH_CLOSED, opened -> erasedInBatch(log, opened));
        builder.onErased(Topics.HOLDOUT_ASSIGNED, opened -> erasedInHoldout(log, opened));
    }

    private static <E extends Event> void note(TopicReader.Builder builder, Topic<E> topic, LineageLog log) {
        builder.on(topic, read -> {
            synchronized (log) {
                read.envelope().ifPresent(log::note);
            }
        });
    }

    private static void erasedInBatch(LineageLog log, SealedRecords.Opened opened) {
        synchronized (log) {
            log.erased(batch(opened), opened.erased());
        }
    }

    /// Which batch lost examples; its name is in clear.
    public static BatchId batch(SealedRecords.Opened opened) {
        return EventJson.read(opened.record().value(), ErasedBatch.class).batch();
    }

    private static void erasedInHoldout(LineageLog log, SealedRecords.Opened opened) {
        TenantId tenant = new TenantId(new String(opened.record().key(), StandardCharsets.UTF_8));
        long sequence =
                EventJson.read(opened.record().value(), ErasedHoldout.class).sequence();
        synchronized (log) {
            opened.erased().forEach(event -> log.erased(tenant, event, sequence));
        }
    }

    private record ErasedBatch(BatchId batch) {}

    private record ErasedHoldout(long sequence) {}
}
