package io.adaptermill.kafka;

import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What must be done so that a cluster has the topics we need: pure, from what is wanted and what is there.
public final class TopicPlan {
    private static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(30);

    private static final Duration KEY_COMPACTION = Duration.ofHours(1);

    private TopicPlan() {}

    /// One topic as it should be.
    public record Wanted(String name, int partitions, short replication, Map<String, String> settings) {
        public Wanted {
            settings = Map.copyOf(settings);
        }
    }

    /// One topic as it is.
    public record Existing(int partitions, Map<String, String> settings) {}

    /// What to do about one topic.
    public sealed interface Step {
        String topic();

        record Create(Wanted wanted) implements Step {
            @Override
            public String topic() {
                return wanted.name();
            }
        }

        /// It is there and right.
        record Keep(String topic) implements Step {}

        /// It is there and other than wanted. Left alone: more partitions would move tenants between them, and a
        /// retention that someone set is theirs.
        record Differ(String topic, List<String> differences) implements Step {}
    }

    public static List<Wanted> wanted(int partitions, short replication) {
        Stream<Wanted> events =
                Topics.ALL.stream().map(topic -> new Wanted(topic.name(), partitions, replication, settings(topic)));
        Wanted deadLetters = new Wanted(
                Topics.DEAD_LETTERS, partitions, replication, settings(false, Optional.of(DEAD_LETTER_RETENTION)));
        Wanted keys = new Wanted(Topics.SUBJECT_KEYS, partitions, replication, keySettings());
        return Stream.concat(events, Stream.of(deadLetters, keys)).toList();
    }

    public static List<Step> plan(List<Wanted> wanted, Map<String, Existing> existing) {
        return wanted.stream()
                .map(topic -> step(topic, Optional.ofNullable(existing.get(topic.name()))))
                .toList();
    }

    private static Step step(Wanted wanted, Optional<Existing> existing) {
        if (existing.isEmpty()) {
            return new Step.Create(wanted);
        }
        List<String> differences = differences(wanted, existing.get());
        return differences.isEmpty() ? new Step.Keep(wanted.name()) : new Step.Differ(wanted.name(), differences);
    }

    private static List<String> differences(Wanted wanted, Existing existing) {
        List<String> found = new ArrayList<>();
        if (existing.partitions() != wanted.partitions()) {
            found.add("has " + existing.partitions() + " partitions, expected " + wanted.partitions());
        }
        new TreeMap<>(wanted.settings()).forEach((name, value) -> {
            String is = existing.settings().getOrDefault(name, "nothing");
            if (!is.equals(value)) {
                found.add(name + " is " + is + ", expected " + value);
            }
        });
        return found;
    }

    /// A destroyed key must be gone from the disks soon, and not only from every process.
    private static Map<String, String> keySettings() {
        Map<String, String> settings = new HashMap<>(settings(true, Optional.empty()));
        settings.put("max.compaction.lag.ms", Long.toString(KEY_COMPACTION.toMillis()));
        settings.put("segment.ms", Long.toString(KEY_COMPACTION.toMillis()));
        return settings;
    }

    private static Map<String, String> settings(Topic<?> topic) {
        return settings(topic.compacted(), topic.retention());
    }

    private static Map<String, String> settings(boolean compacted, Optional<Duration> retention) {
        return Map.of(
                "cleanup.policy", compacted ? "compact" : "delete",
                "retention.ms", Long.toString(retention.map(Duration::toMillis).orElse(-1L)),
                "max.message.bytes", Integer.toString(KafkaClients.RECORD_BYTES_MAX));
    }
}
