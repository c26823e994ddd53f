package io.adaptermill.cli.client;

import io.adaptermill.cli.promises.Entry;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionRequested;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Where a person asks the promoter for something and waits for its answer.
public final class PromotionDesk implements AutoCloseable {
    private final String kafka;
    private final BlockingQueue<PromotionAnswered> answers = new LinkedBlockingQueue<>();
    private final Journey journey;

    private PromotionDesk(String kafka) {
        this.kafka = kafka;
        this.journey = Journey.follow(kafka, this::note);
    }

    /// @return absent if the topics could not be read in time
    public static Optional<PromotionDesk> open(String kafka, long seconds) {
        PromotionDesk desk = new PromotionDesk(kafka);
        if (desk.journey.awaitCaughtUp(seconds)) return Optional.of(desk);
        desk.close();
        return Optional.empty();
    }

    /// What serves, by the decisions.
    public Optional<VersionId> champion(TenantId tenant) {
        return decisions(tenant).reversed().stream()
                .filter(PromotionDecided::moves)
                .findFirst()
                .flatMap(PromotionDecided::championAfter)
                .map(AdapterRef::version);
    }

    /// In the order in which they were made.
    public List<PromotionDecided> decisions(TenantId tenant) {
        return journey.decided().stream()
                .filter(entry -> entry.tenant().equals(tenant))
                .map(Entry::event)
                .toList();
    }

    /// @return absent if the promoter did not answer in time; it will, once it runs
    public Optional<PromotionAnswered> ask(TenantId tenant, PromotionRequested request, long seconds) {
        EventId id = new EventId("promotions/" + UUID.randomUUID());
        Requests.send(
                kafka, Topics.PROMOTION_REQUESTED, new Envelope<>(tenant, id, Requests.SOURCE, Instant.now(), request));
        return Requests.await(answers, answer -> answer.request().equals(id), seconds);
    }

    private void note(Entry<?> entry) {
        if (entry.event() instanceof PromotionAnswered answer) answers.add(answer);
    }

    @Override
    public void close() {
        journey.close();
    }
}
