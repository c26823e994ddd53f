package io.adaptermill.cli.client;

import io.adaptermill.cli.promises.Acknowledged;
import io.adaptermill.cli.promises.Answer;
import io.adaptermill.cli.promises.Entry;
import io.adaptermill.cli.promises.Evidence;
import io.adaptermill.cli.stack.KeyFile;
import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.KeyFollower;
import io.adaptermill.kafka.RecordPlace;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterSwapped;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.QuarantineAnswered;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.ServingCandidate;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.event.TrainingProgressed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Everything that happened so far, read from the topics and followed from then on.
///
/// Thread-safe: one thread of Kafka's writes, any may look.
public final class Journey implements AutoCloseable {
    private final Log<TenantPolicy> policies = new Log<>();
    private final Log<FeedbackReceived> received = new Log<>();
    private final Log<FeedbackRefused> refused = new Log<>();
    private final Log<FeedbackQuarantined> quarantined = new Log<>();
    private final Log<QuarantineAnswered> reviewed = new Log<>();
    private final Log<HoldoutAssigned> heldOut = new Log<>();
    private final Log<BatchClosed> batches = new Log<>();
    private final Log<TrainingProgressed> progressed = new Log<>();
    private final Log<AdapterTrained> trained = new Log<>();
    private final Log<TrainingFailed> failed = new Log<>();
    private final Log<AdapterEvaluated> evaluated = new Log<>();
    private final Log<PromotionDecided> decided = new Log<>();
    private final Log<PromotionAnswered> answered = new Log<>();
    private final Log<ServingAdapter> serving = new Log<>();
    private final Log<ServingCandidate> tried = new Log<>();
    private final Log<AdapterSwapped> swapped = new Log<>();
    private final Optional<KeyFollower> keys;
    private final TopicReader reader;

    private Journey(String kafka, Consumer<Entry<?>> listener) {
        keys = KeyFollower.start(kafka, KeyFile.SEAL.path());
        TopicReader.Builder builder = TopicReader.named("adaptermill-cli").opening(KeyFollower.records(keys));
        follow(builder, Topics.TENANT_POLICIES, policies, listener);
        follow(builder, Topics.FEEDBACK_RECEIVED, received, listener);
        follow(builder, Topics.FEEDBACK_REFUSED, refused, listener);
        follow(builder, Topics.FEEDBACK_QUARANTINED, quarantined, listener);
        follow(builder, Topics.QUARANTINE_ANSWERED, reviewed, listener);
        follow(builder, Topics.HOLDOUT_ASSIGNED, heldOut, listener);
        follow(builder, Topics.BATCH_CLOSED, batches, listener);
        follow(builder, Topics.TRAINING_PROGRESSED, progressed, listener);
        follow(builder, Topics.ADAPTER_TRAINED, trained, listener);
        follow(builder, Topics.TRAINING_FAILED, failed, listener);
        follow(builder, Topics.ADAPTER_EVALUATED, evaluated, listener);
        follow(builder, Topics.PROMOTION_DECIDED, decided, listener);
        follow(builder, Topics.PROMOTION_ANSWERED, answered, listener);
        follow(builder, Topics.SERVING_ADAPTERS, serving, listener);
        follow(builder, Topics.SERVING_CANDIDATES, tried, listener);
        follow(builder, Topics.ADAPTER_SWAPPED, swapped, listener);
        this.reader = builder.start(kafka);
    }

    /// @param listener told of each event after it was noted, on Kafka's thread
    public static Journey follow(String kafka, Consumer<Entry<?>> listener) {
        return new Journey(kafka, listener);
    }

    private static <E extends Event> void follow(
            TopicReader.Builder builder, Topic<E> topic, Log<E> log, Consumer<Entry<?>> listener) {
        builder.onRecords(topic, (place, read) -> note(place, read, log, listener));
    }

    private static <E extends Event> void note(
            RecordPlace place, EventRead<E> read, Log<E> log, Consumer<Entry<?>> listener) {
        read.envelope().ifPresent(envelope -> {
            Entry<E> entry = new Entry<>(envelope, place.partition(), place.offset());
            log.add(entry);
            listener.accept(entry);
        });
    }

    /// @return whether all that was there at the start has been read in time
    public boolean awaitCaughtUp(long seconds) {
        try {
            reader.caughtUp().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("the topics could not be read", e.getCause());
        }
    }

    /// Why reading stopped, if it did.
    public Optional<Throwable> failure() {
        return reader.failure();
    }

    /// What the promises are checked by.
    public Evidence evidence(List<Acknowledged> acknowledged, List<Answer> answers) {
        return new Evidence(
                acknowledged,
                received(),
                refused(),
                quarantined(),
                heldOut(),
                batches(),
                trained(),
                failed(),
                evaluated(),
                decided(),
                serving(),
                tried(),
                swapped(),
                answers);
    }

    public List<Entry<TenantPolicy>> policies() {
        return policies.copy();
    }

    public List<Entry<FeedbackReceived>> received() {
        return received.copy();
    }

    public List<Entry<FeedbackRefused>> refused() {
        return refused.copy();
    }

    public List<Entry<FeedbackQuarantined>> quarantined() {
        return quarantined.copy();
    }

    public List<Entry<HoldoutAssigned>> heldOut() {
        return heldOut.copy();
    }

    public List<Entry<BatchClosed>> batches() {
        return batches.copy();
    }

    public List<Entry<TrainingProgressed>> progressed() {
        return progressed.copy();
    }

    public List<Entry<AdapterTrained>> trained() {
        return trained.copy();
    }

    public List<Entry<TrainingFailed>> failed() {
        return failed.copy();
    }

    public List<Entry<AdapterEvaluated>> evaluated() {
        return evaluated.copy();
    }

    public List<Entry<PromotionDecided>> decided() {
        return decided.copy();
    }

    public List<Entry<PromotionAnswered>> answered() {
        return answered.copy();
    }

    public List<Entry<ServingAdapter>> serving() {
        return serving.copy();
    }

    public List<Entry<ServingCandidate>> tried() {
        return tried.copy();
    }

    public List<Entry<AdapterSwapped>> swapped() {
        return swapped.copy();
    }

    @Override
    public void close() {
        reader.close();
        keys.ifPresent(KeyFollower::close);
    }

    /// One topic's entries in the order they came.
    private static final class Log<E extends Event> {
        private final List<Entry<E>> entries = new ArrayList<>();

        synchronized void add(Entry<E> entry) {
            entries.add(entry);
        }

        synchronized List<Entry<E>> copy() {
            return List.copyOf(entries);
        }
    }
}
