package io.adaptermill.lineage;

import io.adaptermill.kafka.KeyFollower;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.lineage.history.LineageLog;
import java.util.Optional;
import java.util.function.Function;

/// Keeps a [LineageLog] up with the topics. Ids only, yet of all that is there: some 200 bytes for each answer of the
/// last month. Thread-safe.
public final class LineageFollower implements AutoCloseable {
    private final LineageLog log = new LineageLog();
    private final Optional<KeyFollower> keys;
    private final TopicReader reader;

    /// @param sealKey file of the key-encryption key, absent where nothing is sealed
    public LineageFollower(String kafka, Optional<String> sealKey) {
        keys = KeyFollower.start(kafka, sealKey);
        TopicReader.Builder builder = TopicReader.named("lineage").opening(KeyFollower.records(keys));
        LineageTopics.note(builder, log);
        reader = builder.start(kafka);
    }

    /// Whether all that was there at the start is noted.
    public boolean isCaughtUp() {
        return reader.caughtUp().isDone() && reader.failure().isEmpty();
    }

    public <T> T ask(Function<LineageLog, T> question) {
        synchronized (log) {
            return question.apply(log);
        }
    }

    @Override
    public void close() {
        reader.close();
        keys.ifPresent(KeyFollower::close);
    }
}
