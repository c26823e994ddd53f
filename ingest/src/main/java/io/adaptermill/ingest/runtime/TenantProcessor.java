package io.adaptermill.ingest.runtime;

import io.adaptermill.ingest.batch.TenantBuffer;
import io.adaptermill.ingest.erasure.Lesson;
import io.adaptermill.ingest.join.Answer;
import io.adaptermill.ingest.join.FeedbackJoin;
import io.adaptermill.ingest.join.Joined;
import io.adaptermill.ingest.screen.FeedbackScreen;
import io.adaptermill.ingest.screen.Refusal;
import io.adaptermill.ingest.screen.TextSize;
import io.adaptermill.ingest.store.DefenceStores;
import io.adaptermill.ingest.store.TenantStores;
import io.adaptermill.ingest.store.Waiting;
import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.RecordPlace;
import io.adaptermill.kafka.seal.KeyEncryptionKey;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchReopened;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// What happens to a tenant, one event at a time: feedback, answers, decisions, and the passing of time.
///
/// All clocks are ours: a product's clock may be wrong by years.
public final class TenantProcessor implements Processor<byte[], byte[], byte[], Outgoing> {
    private final Policies policies;
    private final Timing timing;
    private final IngestMeter meter;
    private final Optional<KeyEncryptionKey> kek;
    private final Deadlines deadlines = new Deadlines();
    private long policiesSeen;

    @SuppressWarnings("NullAway.Init") // init comes first
    private ProcessorContext<byte[], Outgoing> context;

    @SuppressWarnings("NullAway.Init")
    private TenantStores stores;

    @SuppressWarnings("NullAway.Init")
    private Sealing sealing;

    @SuppressWarnings("NullAway.Init")
    private Outbox outbox;

    @SuppressWarnings("NullAway.Init")
    private Placement placement;

    @SuppressWarnings("NullAway.Init")
    private Reviews reviews;

    /// @param kek absent where nothing is sealed
    public TenantProcessor(Policies policies, Timing timing, IngestMeter meter, Optional<KeyEncryptionKey> kek) {
        this.policies = policies;
        this.timing = timing;
        this.meter = meter;
        this.kek = kek;
    }

    /// Also called when a task starts again after an aborted transaction, with the stores as they were committed.
    @Override
    public void init(ProcessorContext<byte[], Outgoing> given) {
        context = given;
        stores = new TenantStores(context, timing.seen(), timing.answers());
        sealing = new Sealing(kek, stores, context);
        outbox = new Outbox(context, sealing, meter);
        DefenceStores defence = new DefenceStores(context);
        Quarantine quarantine = new Quarantine(defence, outbox);
        placement = new Placement(stores, outbox, deadlines, new Defences(defence), quarantine);
        reviews = new Reviews(quarantine, placement, outbox);
        deadlines.clear();
        stores.eachBuffer((tenant, buffer) -> {
            if (buffer.waiting() > 0) deadlines.note(tenant, Optional.of(Instant.EPOCH));
        });
        stores.eachWaiting(deadlines::add);
        context.schedule(timing.tick(), PunctuationType.WALL_CLOCK_TIME, _ -> tick());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordPlace place = Placed.of(context, record);
        if (place.topic().equals(Topics.PROMOTION_DECIDED.name())) {
            on(Topics.PROMOTION_DECIDED, record, place, this::decided);
        } else if (place.topic().equals(Topics.TRAINING_FAILED.name())) {
            on(Topics.TRAINING_FAILED, record, place, this::failed);
        } else if (place.topic().equals(Topics.BATCH_REOPENED.name())) {
            on(Topics.BATCH_REOPENED, record, place, this::reopened);
        } else {
            fromProduct(record, Placed.read(record.headers(), record.timestamp()));
        }
    }

    private void fromProduct(Record<byte[], byte[]> record, RecordPlace place) {
        if (place.topic().equals(Topics.INFERENCE_SERVED.name())) {
            on(Topics.INFERENCE_SERVED, record, place, this::served);
        } else if (place.topic().equals(Topics.ERASURE_REQUESTED.name())) {
            on(Topics.ERASURE_REQUESTED, record, place, this::erase);
        } else if (place.topic().equals(Topics.QUARANTINE_REQUESTED.name())) {
            on(
                    Topics.QUARANTINE_REQUESTED,
                    record,
                    place,
                    request -> reviews.review(request, policies.of(request.tenant()), now()));
        } else {
            feedback(record, place);
        }
    }

    private <E extends Event> void on(
            Topic<E> topic, Record<byte[], byte[]> record, RecordPlace place, Consumer<Envelope<E>> handler) {
        switch (EventRecords.read(topic, place, record.key(), record.headers(), record.value())) {
            case EventRead.Readable<E>(Envelope<E> envelope)
            when isForeign(envelope) ->
                outbox.deadLetter(record, Outbox.at(place, "key", "must be the tenant that the data names"));
            case EventRead.Readable<E>(Envelope<E> envelope) -> handler.accept(envelope);
            case EventRead.Unreadable<E> unreadable -> outbox.deadLetter(record, unreadable.violation());
            case EventRead.Removed<E>(var tenant) ->
                throw new IllegalStateException(topic + " is not compacted, yet " + tenant + " was removed from it");
        }
    }

    /// One tenant's record must never move another's state.
    private static boolean isForeign(Envelope<?> envelope) {
        return switch (envelope.event()) {
            case PromotionDecided event -> !event.version().tenant().equals(envelope.tenant());
            case TrainingFailed event -> !event.batch().tenant().equals(envelope.tenant());
            case BatchReopened event -> !event.batch().tenant().equals(envelope.tenant());
            default -> false;
        };
    }

    private void feedback(Record<byte[], byte[]> record, RecordPlace place) {
        switch (EventRecords.read(Topics.FEEDBACK_RECEIVED, place, record.key(), record.headers(), record.value())) {
            case EventRead.Readable<FeedbackReceived>(var envelope) -> received(envelope, place);
            case EventRead.Unreadable<FeedbackReceived> unreadable -> unreadable(record, unreadable, place);
            case EventRead.Removed<FeedbackReceived>(var tenant) ->
                throw new IllegalStateException("feedback.received is not compacted, yet " + tenant + " was removed");
        }
    }

    /// Whoever can be told is told; the rest is kept for people to look at.
    private void unreadable(
            Record<byte[], byte[]> record, EventRead.Unreadable<FeedbackReceived> unreadable, RecordPlace place) {
        if (unreadable.tenant().isEmpty() || unreadable.id().isEmpty()) {
            outbox.deadLetter(record, unreadable.violation());
            return;
        }
        TenantId tenant = unreadable.tenant().get();
        Refusal refusal = policies.of(tenant).isEmpty()
                ? FeedbackScreen.unknownTenant()
                : FeedbackScreen.refuse(unreadable.violation(), cutBytes(record));
        outbox.refuse(tenant, unreadable.id().get(), refusal, place.partition(), place.offset(), now());
    }

    /// How large the record was, if it was so large that its data was left behind.
    private static OptionalInt cutBytes(Record<byte[], byte[]> record) {
        int bytes = Placed.bytes(record.headers());
        return bytes > RecordLimits.FEEDBACK_BYTES_MAX ? OptionalInt.of(bytes) : OptionalInt.empty();
    }

    private void received(Envelope<FeedbackReceived> envelope, RecordPlace place) {
        Instant now = now();
        Optional<TenantPolicy> policy = policies.of(envelope.tenant());
        boolean isRepeated = policy.isPresent() && stores.isSeen(envelope.tenant(), envelope.id(), now);
        Optional<Refusal> refusal = FeedbackScreen.screen(envelope.event().feedback(), policy.isPresent(), isRepeated);
        if (policy.isPresent() && !isRepeated) stores.see(envelope.tenant(), envelope.id(), place.offset(), now);
        if (refusal.isPresent()) {
            outbox.refuse(envelope.tenant(), envelope.id(), refusal.get(), place.partition(), place.offset(), now);
            return;
        }
        Source source = new Source(envelope.tenant(), envelope.id(), place.partition(), place.offset());
        join(source, envelope.event(), policy.orElseThrow(), now);
    }

    private void join(Source source, FeedbackReceived received, TenantPolicy policy, Instant now) {
        switch (FeedbackJoin.join(received.feedback())) {
            case Joined.NeedsAnswer(var inference) -> {
                Optional<Answer> answer = stores.answer(source.tenant(), inference, now);
                received.feedback()
                        .subject()
                        .ifPresent(subject -> stores.judged(source.tenant(), subject, inference, now));
                Waiting waiting = source.waitingFor(inference, received, now);
                if (answer.isPresent()) joined(source, received, answer.get(), policy, now);
                else if (deadlines.waiting(source.tenant()) >= policy.batch().bufferedMax()) {
                    placement.refuse(source, FeedbackScreen.tooManyWait(policy.batch()), now);
                } else {
                    stores.put(waiting);
                    deadlines.add(waiting);
                }
            }
            case Joined complete -> placement.place(source, received.feedback(), complete, policy, now);
        }
    }

    private void joined(Source source, FeedbackReceived received, Answer answer, TenantPolicy policy, Instant now) {
        placement.place(source, received.feedback(), FeedbackJoin.join(received.feedback(), answer), policy, now);
    }

    private void served(Envelope<InferenceServed> envelope) {
        Instant now = now();
        TenantId tenant = envelope.tenant();
        Optional<TenantPolicy> policy = policies.of(tenant);
        if (policy.isEmpty()) return;
        Answer answer = Answer.of(envelope.event());
        // What is larger could never train; its ratings are refused for want of an answer.
        if (answer.bytes() > TextSize.BYTES_MAX) return;
        stores.put(tenant, envelope.event().inference(), answer, now);
        for (Waiting waiting : stores.waitingFor(tenant, envelope.event().inference())) {
            forget(waiting);
            joined(Source.of(waiting), waiting.received(), answer, policy.get(), now);
        }
    }

    /// What waits is forgotten, in whichever store it waits; what was kept under the person's key is unreadable; and
    /// training goes on without what learned from it.
    private void erase(Envelope<ErasureRequested> envelope) {
        Instant now = now();
        TenantId tenant = envelope.tenant();
        SubjectId subject = envelope.event().subject();
        Refusal erased = new Refusal(RefusalReason.ERASED, "its data.subject asked to be forgotten");
        for (Waiting waiting : deadlines.waitingOf(tenant)) {
            if (waiting.received().feedback().subject().filter(subject::equals).isEmpty()) continue;
            forget(waiting);
            placement.refuse(Source.of(waiting), erased, now);
        }
        placement.erase(tenant, subject, erased, now);
        stores.forgetAnswers(tenant, subject, now);
        sealing.destroy(tenant, subject);
        outbox.erased(tenant, placement.forget(tenant, subject, envelope.id()), now);
        closeIfDue(tenant);
    }

    private void reopened(Envelope<BatchReopened> envelope) {
        placement.reopened(envelope.event());
        closeIfDue(envelope.tenant());
    }

    /// What learned from somebody who asked to be forgotten is out of the line, whatever is decided about it.
    private void decided(Envelope<PromotionDecided> envelope) {
        if (stores.lesson(envelope.event().version()).filter(Lesson::isErased).isPresent()) return;
        move(envelope.tenant(), stores.buffer(envelope.tenant()).after(envelope.event()));
    }

    private void failed(Envelope<TrainingFailed> envelope) {
        move(envelope.tenant(), stores.buffer(envelope.tenant()).after(envelope.event()));
    }

    private void move(TenantId tenant, TenantBuffer buffer) {
        stores.put(tenant, buffer);
        closeIfDue(tenant);
    }

    private void closeIfDue(TenantId tenant) {
        policies.of(tenant).ifPresent(policy -> placement.closeIfDue(tenant, policy, now()));
    }

    private void tick() {
        Instant now = now();
        for (Waiting waiting : deadlines.waitingSince(now.minus(timing.answerWait()))) {
            forget(waiting);
            placement.refuse(Source.of(waiting), unknownInference(), now);
        }
        for (TenantId tenant : toLookAt(now)) {
            Optional<TenantPolicy> policy = policies.of(tenant);
            if (policy.isPresent()) placement.closeIfDue(tenant, policy.get(), now);
            else deadlines.note(tenant, Optional.of(Instant.MAX));
        }
    }

    /// Everyone after a policy has changed, since any limit may be another then; else only those whose time has come.
    private List<TenantId> toLookAt(Instant now) {
        long revision = policies.revision();
        if (revision == policiesSeen) return deadlines.due(now);
        policiesSeen = revision;
        return deadlines.buffering();
    }

    private Refusal unknownInference() {
        return new Refusal(
                RefusalReason.UNKNOWN_INFERENCE,
                "no answer with data.inferenceId came within "
                        + timing.answerWait().toSeconds() + " s");
    }

    private void forget(Waiting waiting) {
        stores.remove(waiting);
        deadlines.remove(waiting);
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
