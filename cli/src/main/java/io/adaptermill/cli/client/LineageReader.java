package io.adaptermill.cli.client;

import io.adaptermill.kafka.TopicReader;
import io.adaptermill.lineage.LineageTopics;
import io.adaptermill.lineage.history.LineageLog;
import java.time.Duration;

/// Reads all lineage there is, once.
public final class LineageReader {
    private LineageReader() {}

    /// @throws io.adaptermill.cli.CommandFailure if the topics cannot be read in time
    public static LineageLog read(String kafka, Duration timeout) {
        LineageLog log = new LineageLog();
        TopicReader.Builder builder = TopicReader.named("adaptermill-lineage");
        LineageTopics.note(builder, log);
        TopicsToEnd.read(builder, kafka, timeout);
        return log;
    }
}
