package io.adaptermill.cli.client;

import io.adaptermill.cli.lineage.LineageLog;
import io.adaptermill.kafka.SealedRecords;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Reads the topics that lineage is made of.
public final class LineageReader {
    private static final List<Topic<? extends Event>> TOPICS = List.of(
            Topics.INFERENCE_SERVED,
            Topics.FEEDBACK_RECEIVED,
            Topics.FEEDBACK_REFUSED,
            Topics.FEEDBACK_QUARANTINED,
            Topics.HOLDOUT_ASSIGNED,
            Topics.BATCH_CLOSED,
            Topics.ADAPTER_TRAINED,
            Topics.PROMOTION_DECIDED);

    private LineageReader() {}

    /// @throws io.adaptermill.cli.CommandFailure if the topics cannot be read in time
    public static LineageLog read(String kafka, Duration timeout) {
        LineageLog log = new LineageLog();
        TopicReader.Builder builder = TopicReader.named("adaptermill-lineage");
        TOPICS.forEach(topic -> note(builder, topic, log));
        builder.onErased(Topics.BATCH_CLOSED, opened -> erasedInBatch(log, opened));
        builder.onErased(Topics.HOLDOUT_ASSIGNED, opened -> erasedInHoldout(log, opened));
        TopicsToEnd.read(builder, kafka, timeout);
        return log;
    }

    private static void erasedInBatch(LineageLog log, SealedRecords.Opened opened) {
        log.erased(batch(opened), opened.erased());
    }

    /// Which batch lost examples; its name is in clear.
    static BatchId batch(SealedRecords.Opened opened) {
        return EventJson.read(opened.record().value(), ErasedBatch.class).batch();
    }

    private static void erasedInHoldout(LineageLog log, SealedRecords.Opened opened) {
        TenantId tenant = new TenantId(new String(opened.record().key(), StandardCharsets.UTF_8));
        long sequence =
                EventJson.read(opened.record().value(), ErasedHoldout.class).sequence();
        opened.erased().forEach(event -> log.erased(tenant, event, sequence));
    }

    private record ErasedBatch(BatchId batch) {}

    private record ErasedHoldout(long sequence) {}

    private static <E extends Event> void note(TopicReader.Builder builder, Topic<E> topic, LineageLog log) {
        builder.on(topic, read -> read.envelope().ifPresent(log::note));
    }
}
