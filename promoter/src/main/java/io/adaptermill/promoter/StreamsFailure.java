package io.adaptermill.promoter;

import io.quarkus.runtime.Quarkus;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Streams application that has failed stays up and does nothing; this ends the process, so that a supervisor starts
/// it again.
@ApplicationScoped
class StreamsFailure implements KafkaStreams.StateListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(StreamsFailure.class);

    @Override
    public void onChange(KafkaStreams.State now, KafkaStreams.State before) {
        if (now == KafkaStreams.State.ERROR) {
            LOGGER.atError().addKeyValue("state", now).log("streams failed; the service stops to be restarted");
            Quarkus.asyncExit(1);
        }
    }
}
