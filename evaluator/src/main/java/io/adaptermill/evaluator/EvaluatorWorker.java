package io.adaptermill.evaluator;

import io.adaptermill.evaluator.evidence.Evaluation;
import io.adaptermill.evaluator.evidence.Scoring;
import io.adaptermill.evaluator.evidence.TenantEvidence;
import io.adaptermill.evaluator.evidence.TenantEvidence.Case;
import io.adaptermill.evaluator.gate.Judgement;
import io.adaptermill.kafka.DeadLetters;
import io.adaptermill.kafka.Draining;
import io.adaptermill.kafka.EventIds;
import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.Retries;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.Envelope;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Judges candidates one after another, on one thread: each record in, exactly one record out.
final class EvaluatorWorker {
    private static final Logger LOGGER = LoggerFactory.getLogger(EvaluatorWorker.class);
    private static final String SOURCE = "/adaptermill/evaluator";
    private static final long LOOK_AGAIN_MILLIS = 200;

    private final TenantEvidence evidence;
    private final EvidenceFollower follower;
    private final Scoring scoring;
    private final Evaluation evaluation;
    private final EvaluatorMetrics metrics;
    private final Clock clock;
    private final AtomicBoolean draining = new AtomicBoolean();

    EvaluatorWorker(
            TenantEvidence evidence,
            EvidenceFollower follower,
            Scoring scoring,
            EvaluatorMetrics metrics,
            Clock clock) {
        this.evidence = evidence;
        this.follower = follower;
        this.scoring = scoring;
        this.evaluation = new Evaluation(scoring);
        this.metrics = metrics;
        this.clock = clock;
    }

    /// @return what the record ends in, to be published in the transaction that commits the record
    /// @throws Draining if the evaluator stops; nothing was done then
    ProducerRecord<byte[], byte[]> work(ConsumerRecord<byte[], byte[]> record) {
        return switch (EventRecords.read(Topics.ADAPTER_TRAINED, record)) {
            case EventRead.Readable<AdapterTrained>(Envelope<AdapterTrained> envelope) -> judge(envelope);
            case EventRead.Unreadable<AdapterTrained> unreadable -> {
                LOGGER.atError()
                        .addKeyValue("error", unreadable.violation().getMessage())
                        .log("candidate is not readable");
                yield DeadLetters.toRecord(record, unreadable.violation());
            }
            case EventRead.Removed<AdapterTrained> removed ->
                throw new IllegalStateException(
                        "adapter.trained is not compacted, yet " + removed.tenant() + " was removed");
        };
    }

    /// Gives up waiting; a judgement in the making is finished.
    void drain() {
        draining.set(true);
    }

    private ProducerRecord<byte[], byte[]> judge(Envelope<AdapterTrained> envelope) {
        AdapterTrained candidate = envelope.event();
        awaitEvidence(candidate);
        Case about = evidence.about(candidate);
        Judgement judgement = metrics.timed(
                () -> Retries.whileUnavailable(this::failIfDraining, () -> evaluation.judge(candidate, about)));
        metrics.judged(judgement.verdict());
        LOGGER.atInfo()
                .addKeyValue("version", candidate.version())
                .addKeyValue("verdict", judgement.verdict())
                .addKeyValue("reason", judgement.reason())
                .log("adapter evaluated");
        AdapterEvaluated event = new AdapterEvaluated(
                candidate.version(),
                candidate.artifact(),
                about.champion(),
                scoring.base(),
                judgement.verdict(),
                judgement.reason(),
                judgement.gates(),
                judgement.measurements());
        return EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED,
                new Envelope<>(
                        envelope.tenant(),
                        EventIds.of(candidate.version(), "evaluated"),
                        SOURCE,
                        clock.instant(),
                        event));
    }

    /// The candidate may be read here before the hold-out that was assigned before it.
    private void awaitEvidence(AdapterTrained candidate) {
        try {
            while (!follower.isCaughtUp() || !evidence.isComplete(candidate)) {
                failIfDraining();
                evidence.await(LOOK_AGAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Draining();
        }
    }

    private void failIfDraining() {
        if (draining.get()) throw new Draining();
    }
}
