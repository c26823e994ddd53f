package io.adaptermill.evaluator;

import io.adaptermill.evaluator.evidence.Evaluation;
import io.adaptermill.evaluator.evidence.Scoring;
import io.adaptermill.evaluator.evidence.TenantEvidence;
import io.adaptermill.evaluator.evidence.TenantEvidence.Case;
import io.adaptermill.gates.candidate.CandidateSeries;
import io.adaptermill.gates.candidate.EvaluationPolicy;
import io.adaptermill.gates.candidate.Judgement;
import io.adaptermill.kafka.DeadLetters;
import io.adaptermill.kafka.Draining;
import io.adaptermill.kafka.EventIds;
import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.GivenUp;
import io.adaptermill.kafka.Retries;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.Envelope;
import java.time.Clock;
import java.util.Optional;
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
    private final VerdictHistory history;
    private final Scoring scoring;
    private final Evaluation evaluation;
    private final EvaluatorMetrics metrics;
    private final Clock clock;

    EvaluatorWorker(
            TenantEvidence evidence,
            EvidenceFollower follower,
            VerdictHistory history,
            Scoring scoring,
            EvaluatorMetrics metrics,
            Clock clock) {
        this.evidence = evidence;
        this.follower = follower;
        this.history = history;
        this.scoring = scoring;
        this.evaluation = new Evaluation(scoring);
        this.metrics = metrics;
        this.clock = clock;
    }

    /// @param failIfUnwanted throws [GivenUp] if the evaluator stops or another one has the candidate
    /// @return what the record ends in, to be published in the transaction that commits the record
    ProducerRecord<byte[], byte[]> work(ConsumerRecord<byte[], byte[]> record, Runnable failIfUnwanted) {
        return switch (EventRecords.read(Topics.ADAPTER_TRAINED, record)) {
            case EventRead.Readable<AdapterTrained>(Envelope<AdapterTrained> envelope) ->
                judge(envelope, record.partition(), failIfUnwanted);
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

    private ProducerRecord<byte[], byte[]> judge(
            Envelope<AdapterTrained> envelope, int partition, Runnable failIfUnwanted) {
        AdapterTrained candidate = envelope.event();
        awaitEvidence(candidate, failIfUnwanted);
        CandidateSeries series = Retries.whileUnavailable(
                failIfUnwanted, () -> history.of(envelope.tenant(), partition, failIfUnwanted));
        Case about = evidence.about(candidate);
        Judgement judgement = judged(candidate, about, series, failIfUnwanted);
        while (!evidence.isCurrent(envelope.tenant(), about)) {
            LOGGER.atInfo().addKeyValue("version", candidate.version()).log("hold-out was erased; judged without it");
            about = evidence.about(candidate);
            judgement = judged(candidate, about, series, failIfUnwanted);
        }
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
                judgement.measurements(),
                Optional.of(about.policy()),
                judgement.test());
        return EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED,
                new Envelope<>(
                        envelope.tenant(),
                        EventIds.of(candidate.version(), "evaluated"),
                        SOURCE,
                        clock.instant(),
                        event));
    }

    /// A candidate that makes the engine throw would do so for ever, and stop every tenant of its partition:
    /// it ends here.
    private Judgement judged(AdapterTrained candidate, Case about, CandidateSeries series, Runnable failIfUnwanted) {
        try {
            return metrics.timed(
                    () -> Retries.whileUnavailable(failIfUnwanted, () -> evaluation.judge(candidate, about, series)));
        } catch (GivenUp e) {
            throw e;
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("version", candidate.version())
                    .setCause(e)
                    .log("judging broke down");
            return EvaluationPolicy.malformed(
                    "judging it broke down: " + e.getClass().getSimpleName() + "; the evaluator's log says where");
        }
    }

    /// The candidate may be read here before the hold-out that was assigned before it.
    private void awaitEvidence(AdapterTrained candidate, Runnable failIfUnwanted) {
        try {
            while (!follower.isCaughtUp() || !evidence.isComplete(candidate)) {
                failIfUnwanted.run();
                evidence.await(LOOK_AGAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Draining();
        }
    }
}
