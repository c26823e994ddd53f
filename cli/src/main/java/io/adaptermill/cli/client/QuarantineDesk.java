package io.adaptermill.cli.client;

import io.adaptermill.cli.promises.Entry;
import io.adaptermill.cli.promises.Quarantined;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.event.QuarantineAnswered;
import io.adaptermill.schemas.event.QuarantineRequested;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Where a person looks at quarantined feedback and says what becomes of it.
public final class QuarantineDesk implements AutoCloseable {
    private final String kafka;
    private final BlockingQueue<QuarantineAnswered> answers = new LinkedBlockingQueue<>();
    private final Journey journey;

    private QuarantineDesk(String kafka) {
        this.kafka = kafka;
        this.journey = Journey.follow(kafka, entry -> {
            if (entry.event() instanceof QuarantineAnswered answer) answers.add(answer);
        });
    }

    /// @return absent if the topics could not be read in time
    public static Optional<QuarantineDesk> open(String kafka, long seconds) {
        QuarantineDesk desk = new QuarantineDesk(kafka);
        if (desk.journey.awaitCaughtUp(seconds)) return Optional.of(desk);
        desk.close();
        return Optional.empty();
    }

    /// What waits for a person, oldest first.
    public List<Entry<FeedbackQuarantined>> waiting(TenantId tenant) {
        return Quarantined.waiting(journey.quarantined(), journey.batches(), journey.heldOut(), journey.refused())
                .stream()
                .filter(entry -> entry.tenant().equals(tenant))
                .toList();
    }

    /// @return absent if ingest did not answer in time; it will, once it runs
    public Optional<QuarantineAnswered> ask(TenantId tenant, QuarantineRequested request, long seconds) {
        EventId id = new EventId("quarantine/" + UUID.randomUUID());
        Requests.send(
                kafka,
                Topics.QUARANTINE_REQUESTED,
                new Envelope<>(tenant, id, Requests.SOURCE, Instant.now(), request));
        return Requests.await(answers, answer -> answer.request().equals(id), seconds);
    }

    @Override
    public void close() {
        journey.close();
    }
}
