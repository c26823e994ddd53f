package io.adaptermill.evaluator;

import io.adaptermill.kafka.TopicSetup;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/// Makes sure that the topics exist before a channel is opened on them.
@Singleton
final class EvaluatorTopics {
    private static final int BEFORE_CHANNELS = 1;

    void ensure(@Observes @Priority(BEFORE_CHANNELS) StartupEvent event, EvaluatorConfig config) {
        TopicSetup.ensure(config.kafka(), config.partitions());
    }
}
