package io.adaptermill.cli.client;

import io.adaptermill.cli.lineage.LineageLog;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Event;
import java.time.Duration;
import java.util.List;

/// Reads the topics that lineage is made of.
public final class LineageReader {
    private static final List<Topic<? extends Event>> TOPICS = List.of(
            Topics.INFERENCE_SERVED,
            Topics.FEEDBACK_RECEIVED,
            Topics.FEEDBACK_REFUSED,
            Topics.HOLDOUT_ASSIGNED,
            Topics.BATCH_CLOSED,
            Topics.ADAPTER_TRAINED,
            Topics.PROMOTION_DECIDED,
            Topics.SERVING_ADAPTERS);

    private LineageReader() {}

    /// @throws io.adaptermill.cli.CommandFailure if the topics cannot be read in time
    public static LineageLog read(String kafka, Duration timeout) {
        LineageLog log = new LineageLog();
        TopicReader.Builder builder = TopicReader.named("adaptermill-lineage");
        TOPICS.forEach(topic -> note(builder, topic, log));
        TopicsToEnd.read(builder, kafka, timeout);
        return log;
    }

    private static <E extends Event> void note(TopicReader.Builder builder, Topic<E> topic, LineageLog log) {
        builder.on(topic, read -> read.envelope().ifPresent(log::note));
    }
}
