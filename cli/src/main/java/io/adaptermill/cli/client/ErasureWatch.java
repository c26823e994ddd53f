package io.adaptermill.cli.client;

import io.adaptermill.cli.erasure.WayBack;
import io.adaptermill.cli.stack.Waiting;
import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.SealedRecords;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Watches one tenant's topics for what becomes of an erasure.
final class ErasureWatch implements AutoCloseable {
    private final TenantId tenant;
    private final Map<EventId, SubjectErased> answers = new ConcurrentHashMap<>();
    private final WayBack way = new WayBack();
    private final TopicReader reader;
    private volatile Optional<VersionId> serving = Optional.empty();

    ErasureWatch(String kafka, SealedRecords records, TenantId tenant) {
        this.tenant = tenant;
        TopicReader.Builder builder =
                TopicReader.named("adaptermill-erasure").opening(records).on(Topics.SERVING_ADAPTERS, this::pointed);
        on(builder, Topics.SUBJECT_ERASED, event -> answers.put(event.request(), event));
        on(builder, Topics.BATCH_REOPENED, way::note);
        on(builder, Topics.BATCH_CLOSED, way::note);
        on(builder, Topics.TRAINING_FAILED, way::note);
        on(builder, Topics.PROMOTION_DECIDED, way::note);
        this.reader = builder.start(kafka);
    }

    private <E extends Event> void on(TopicReader.Builder builder, Topic<E> topic, Consumer<E> taker) {
        builder.on(
                topic,
                read -> read.envelope()
                        .filter(envelope -> envelope.tenant().equals(tenant))
                        .map(Envelope::event)
                        .ifPresent(taker));
    }

    private void pointed(EventRead<ServingAdapter> read) {
        switch (read) {
            case EventRead.Readable<ServingAdapter>(var envelope)
            when envelope.tenant().equals(tenant) ->
                serving = Optional.of(envelope.event().champion().version());
            case EventRead.Removed<ServingAdapter>(var removed)
            when removed.equals(tenant) -> serving = Optional.empty();
            case EventRead.Readable<ServingAdapter> _,
                    EventRead.Removed<ServingAdapter> _,
                    EventRead.Unreadable<ServingAdapter> _ -> {}
        }
    }

    /// @return whether everything that was there is read
    boolean awaitCaughtUp(Duration patience) {
        try {
            reader.caughtUp().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the topics could not be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// What the pointer says; absent for the bare base model.
    Optional<VersionId> serving() {
        return serving;
    }

    /// @return absent if ingest did not answer in time
    Optional<SubjectErased> awaitAnswer(EventId request, Duration patience) {
        Waiting.until(patience, () -> answers.containsKey(request));
        return Optional.ofNullable(answers.get(request));
    }

    /// @return whether nothing serves any more that learned from the person
    boolean awaitClean(SubjectErased erasure, Duration patience) {
        return Waiting.until(
                patience, () -> serving.filter(erasure.versions()::contains).isEmpty());
    }

    /// @return what became of the youngest version that was learned again; absent if there is none, or not in time
    Optional<PromotionDecided> awaitLearnedAgain(SubjectErased erasure, Duration patience) {
        return Waiting.until(patience, () -> way.isOver(erasure)) ? way.last(erasure) : Optional.empty();
    }

    @Override
    public void close() {
        reader.close();
    }
}
