package io.adaptermill.trainer;

import io.adaptermill.kafka.DeadLetters;
import io.adaptermill.kafka.EventIds;
import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.GivenUp;
import io.adaptermill.kafka.Retries;
import io.adaptermill.kafka.SealedRecords;
import io.adaptermill.kafka.group.ExactlyOnceLoop;
import io.adaptermill.kafka.seal.Tampered;
import io.adaptermill.lora.Progress;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.error.Unavailable;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.trainer.training.Results;
import io.adaptermill.trainer.training.Training;
import io.adaptermill.trainer.training.TrainingResult;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works off batches on one thread: each record in, exactly one record out. Batches of the same poll are trained
/// together, see [Training#expect].
final class TrainerWorker implements ExactlyOnceLoop.Work {
    private static final Logger LOGGER = LoggerFactory.getLogger(TrainerWorker.class);
    private static final String SOURCE = "/adaptermill/trainer-worker";

    private final SealedRecords sealed;
    private final Training training;
    private final StepListener progress;
    private final TrainerMetrics metrics;
    private final Clock clock;
    private final Map<BatchId, AtomicInteger> reached = new HashMap<>();

    TrainerWorker(SealedRecords sealed, Training training, StepListener progress, TrainerMetrics metrics, Clock clock) {
        this.sealed = sealed;
        this.training = training;
        this.progress = progress;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// Hears of each step; must return at once.
    @FunctionalInterface
    interface StepListener {
        /// @param step counted from 1
        void stepped(TenantId tenant, BatchId batch, int step, int stepsTotal, double lossNats);
    }

    /// @param failIfUnwanted throws [GivenUp] if the worker stops or another one has the batch; nothing was done then
    /// @return what the record ends in, to be published in the transaction that commits the record
    @Override
    public ProducerRecord<byte[], byte[]> of(ConsumerRecord<byte[], byte[]> record, Runnable failIfUnwanted) {
        try {
            SealedRecords.Opened opened = Retries.whileUnavailable(failIfUnwanted, () -> sealed.open(record));
            return opened.isGone() ? erased(record) : learn(opened.record(), failIfUnwanted);
        } catch (Tampered e) {
            LOGGER.atError().addKeyValue("error", e.getMessage()).log("batch does not open");
            return DeadLetters.toRecord(
                    record,
                    new ContractViolation(
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            "data.items",
                            String.valueOf(e.getMessage())));
        }
    }

    /// All of its people asked to be forgotten before it was learned.
    private ProducerRecord<byte[], byte[]> erased(ConsumerRecord<byte[], byte[]> record) {
        BatchId batch = EventJson.read(record.value(), ErasedBatch.class).batch();
        LOGGER.atInfo().addKeyValue("batch", batch).log("nothing is left of a batch");
        TrainingFailed failed = new TrainingFailed(
                batch, 0, "everything in it was erased", "Nothing: the next batch starts from the same parent.");
        return EventRecords.toRecord(Topics.TRAINING_FAILED, stamped(batch, "failed", failed));
    }

    /// What is in clear of a batch whose items are all sealed.
    private record ErasedBatch(BatchId batch) {}

    private ProducerRecord<byte[], byte[]> learn(ConsumerRecord<byte[], byte[]> record, Runnable failIfUnwanted) {
        return switch (EventRecords.read(Topics.BATCH_CLOSED, record)) {
            case EventRead.Readable<BatchClosed>(Envelope<BatchClosed> envelope) -> train(envelope, failIfUnwanted);
            case EventRead.Unreadable<BatchClosed> unreadable -> {
                LOGGER.atError()
                        .addKeyValue("error", unreadable.violation().getMessage())
                        .log("batch is not readable");
                yield DeadLetters.toRecord(record, unreadable.violation());
            }
            case EventRead.Removed<BatchClosed> removed ->
                throw new IllegalStateException(
                        "batch.closed is not compacted, yet " + removed.tenant() + " was removed");
        };
    }

    @Override
    public void expect(List<ExactlyOnceLoop.Expected> expected) {
        reached.clear();
        List<Training.Request> requests = new ArrayList<>();
        for (ExactlyOnceLoop.Expected next : expected) {
            readable(next.record())
                    .ifPresent(envelope -> requests.add(
                            new Training.Request(envelope.event(), listener(envelope, next.failIfUnwanted()))));
        }
        training.expect(requests);
    }

    /// Absent for what [#of] will have to say something about when its turn comes.
    private Optional<Envelope<BatchClosed>> readable(ConsumerRecord<byte[], byte[]> record) {
        try {
            SealedRecords.Opened opened = sealed.open(record);
            return opened.isGone()
                    ? Optional.empty()
                    : EventRecords.read(Topics.BATCH_CLOSED, opened.record()).envelope();
        } catch (Tampered | Unavailable e) {
            return Optional.empty();
        }
    }

    private ProducerRecord<byte[], byte[]> train(Envelope<BatchClosed> envelope, Runnable failIfUnwanted) {
        BatchClosed batch = envelope.event();
        LOGGER.atInfo()
                .addKeyValue("batch", batch.batch())
                .addKeyValue("examples", batch.items().size())
                .log("training starts");
        TrainingResult result = metrics.timed(() -> trained(envelope, failIfUnwanted));
        metrics.ended(result);
        return record(envelope, result);
    }

    /// A batch that makes the engine throw would do so for ever, and stop every tenant of its partition: it ends here.
    private TrainingResult trained(Envelope<BatchClosed> envelope, Runnable failIfUnwanted) {
        BatchClosed batch = envelope.event();
        Progress listener = listener(envelope, failIfUnwanted);
        try {
            return Retries.whileUnavailable(failIfUnwanted, () -> training.train(batch, listener));
        } catch (GivenUp e) {
            throw e;
        } catch (RuntimeException e) {
            LOGGER.atError().addKeyValue("batch", batch.batch()).setCause(e).log("training broke down");
            return new TrainingResult.Failed(
                    reached(batch.batch()).get(),
                    "the trainer broke down on it: " + e.getClass().getSimpleName(),
                    "Look for this batch in the trainer's log, and report what stands there.");
        }
    }

    private Progress listener(Envelope<BatchClosed> envelope, Runnable failIfUnwanted) {
        BatchId batch = envelope.event().batch();
        return (step, steps, loss) -> {
            failIfUnwanted.run();
            reached(batch).set(step);
            metrics.stepped();
            progress.stepped(envelope.tenant(), batch, step, steps, loss);
        };
    }

    /// The last step that was taken, for the report of a break-down.
    private AtomicInteger reached(BatchId batch) {
        return reached.computeIfAbsent(batch, unused -> new AtomicInteger());
    }

    private ProducerRecord<byte[], byte[]> record(Envelope<BatchClosed> envelope, TrainingResult result) {
        return switch (Results.of(envelope.event(), result)) {
            case AdapterTrained trained -> {
                LOGGER.atInfo()
                        .addKeyValue("version", trained.version())
                        .addKeyValue("artifact", trained.artifact())
                        .log("adapter trained");
                yield EventRecords.toRecord(Topics.ADAPTER_TRAINED, stamped(trained.batch(), "trained", trained));
            }
            case TrainingFailed failed -> {
                LOGGER.atWarn()
                        .addKeyValue("batch", failed.batch())
                        .addKeyValue("error", failed.reason())
                        .log("training failed");
                yield EventRecords.toRecord(Topics.TRAINING_FAILED, stamped(failed.batch(), "failed", failed));
            }
            default -> throw new IllegalStateException("a batch ends in AdapterTrained or TrainingFailed");
        };
    }

    private <E extends Event> Envelope<E> stamped(BatchId batch, String happening, E event) {
        return new Envelope<>(batch.tenant(), EventIds.of(batch, happening), SOURCE, clock.instant(), event);
    }
}
