package io.adaptermill.cli.client;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.lineage.LineageLog;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads the topics that lineage is made of, from their beginning to their present end.
public final class LineageReader {
    private static final List<Topic<? extends Event>> TOPICS = List.of(
            Topics.INFERENCE_SERVED,
            Topics.FEEDBACK_RECEIVED,
            Topics.FEEDBACK_REFUSED,
            Topics.HOLDOUT_ASSIGNED,
            Topics.BATCH_CLOSED,
            Topics.ADAPTER_TRAINED);

    private LineageReader() {}

    /// @throws CommandFailure if the topics cannot be read in time
    public static LineageLog read(String kafka, Duration timeout) {
        LineageLog log = new LineageLog();
        TopicReader.Builder builder = TopicReader.named("adaptermill-lineage");
        TOPICS.forEach(topic -> note(builder, topic, log));
        try (TopicReader reader = builder.start(kafka)) {
            reader.caughtUp().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new CommandFailure(
                    Exit.TIMED_OUT,
                    "The topics on Kafka at " + kafka + " could not be read within " + timeout.toSeconds() + " s.",
                    "./adaptermill status   or give it longer with --timeout",
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the topics could not be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(Exit.FAILED, "Stopped before the end.", "run it again", e);
        }
        return log;
    }

    private static <E extends Event> void note(TopicReader.Builder builder, Topic<E> topic, LineageLog log) {
        builder.on(topic, read -> read.envelope().ifPresent(log::note));
    }
}
