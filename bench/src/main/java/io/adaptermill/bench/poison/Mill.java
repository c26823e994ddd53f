package io.adaptermill.bench.poison;

import io.adaptermill.evaluator.evidence.Evaluation;
import io.adaptermill.evaluator.evidence.TenantEvidence;
import io.adaptermill.gates.candidate.CandidateSeries;
import io.adaptermill.gates.candidate.Judgement;
import io.adaptermill.ingest.batch.BatchPlanner;
import io.adaptermill.ingest.batch.TenantBuffer;
import io.adaptermill.ingest.batch.WaitingItem;
import io.adaptermill.ingest.defence.FeedbackDefence;
import io.adaptermill.ingest.defence.FeedbackDefence.Candidate;
import io.adaptermill.ingest.defence.Passed;
import io.adaptermill.ingest.defence.Pulse;
import io.adaptermill.ingest.defence.RecentFeedback;
import io.adaptermill.ingest.defence.Suspicion;
import io.adaptermill.ingest.split.HoldoutSplit;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.QuarantineReason;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.DefencePolicy;
import io.adaptermill.trainer.training.Training;
import io.adaptermill.trainer.training.TrainingResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// One tenant's way from feedback to a promoted version: the product's own decisions, training and judgement, one
/// after another, without Kafka between them. A quarantine that nobody looks at.
final class Mill {
    private static final TenantId TENANT = new TenantId("desk");
    /// Users' feedback comes one event in twenty seconds.
    private static final Duration BETWEEN = Duration.ofSeconds(20);

    private final TenantPolicy policy;
    private final Training training;
    private final Evaluation evaluation;
    private final TenantEvidence evidence = new TenantEvidence();
    private final RecentFeedback recent = new RecentFeedback();
    /// What made the two above what they are, so that another mill can go on from here.
    private final List<Consumer<TenantEvidence>> told = new ArrayList<>();

    private final List<Passed> passed = new ArrayList<>();
    private Pulse pulse = Pulse.FIRST;
    private TenantBuffer buffer = TenantBuffer.EMPTY;
    private CandidateSeries series = CandidateSeries.EMPTY;
    private Optional<AdapterRef> champion = Optional.empty();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long events;

    Mill(TenantPolicy policy, Training training, Evaluation evaluation) {
        this.policy = policy;
        this.training = training;
        this.evaluation = evaluation;
        tell(log -> log.policy(TENANT, policy));
    }

    /// Goes on from where another one stands, which does not move.
    Mill(Mill other) {
        this.policy = other.policy;
        this.training = other.training;
        this.evaluation = other.evaluation;
        this.pulse = other.pulse;
        this.buffer = other.buffer;
        this.series = other.series;
        this.champion = other.champion;
        this.now = other.now;
        this.events = other.events;
        other.told.forEach(this::tell);
        other.passed.forEach(this::remember);
    }

    private void tell(Consumer<TenantEvidence> event) {
        told.add(event);
        event.accept(evidence);
    }

    private void remember(Passed entry) {
        passed.add(entry);
        recent.add(entry);
        recent.forgetOld(limits());
    }

    private DefencePolicy limits() {
        return policy.defence().orElse(DefencePolicy.DEFAULT);
    }

    /// What became of one round.
    ///
    /// @param caught poisoned events in quarantine, by the reason
    /// @param honestCaught honest events in quarantine
    /// @param learned poisoned events in the batch
    /// @param heldOut poisoned events in the hold-out
    /// @param judgement absent if there was no candidate
    record Round(
            Map<QuarantineReason, Integer> caught,
            int honestCaught,
            int learned,
            int heldOut,
            Optional<Judgement> judgement,
            PromotionOutcome outcome) {}

    Optional<AdapterRef> champion() {
        return champion;
    }

    /// Takes in a round's feedback, trains on what is let through, judges and decides.
    Round round(List<Said> feedback) {
        Map<QuarantineReason, Integer> caught = new EnumMap<>(QuarantineReason.class);
        List<WaitingItem> batch = new ArrayList<>();
        int honestCaught = 0;
        int learned = 0;
        int heldOut = 0;
        for (Said said : feedback) {
            now = now.plus(BETWEEN);
            Optional<Suspicion> suspicion = inspect(said);
            int poison = said.isPoison() ? 1 : 0;
            if (suspicion.isPresent()) {
                honestCaught += 1 - poison;
                if (said.isPoison()) caught.merge(suspicion.get().reason(), 1, Integer::sum);
            } else if (HoldoutSplit.isHeldOut(TENANT, said.example().prompt(), policy.holdout())) {
                heldOut += poison;
                holdOut(said);
            } else {
                learned += poison;
                batch.add(WaitingItem.of(item(said), now, 0, events));
            }
        }
        Optional<AdapterTrained> trained = train(batch);
        Optional<Judgement> judgement = trained.map(this::judge);
        PromotionOutcome outcome = trained.map(candidate -> decide(candidate, judgement.orElseThrow()))
                .orElse(PromotionOutcome.REFUSED);
        return new Round(caught, honestCaught, learned, heldOut, judgement, outcome);
    }

    private Optional<Suspicion> inspect(Said said) {
        Candidate candidate = Candidate.of(said.feedback(), said.example(), limits().compared());
        Optional<Suspicion> suspicion = FeedbackDefence.suspect(candidate, recent, pulse, limits(), now);
        if (suspicion.isEmpty()) {
            remember(FeedbackDefence.passed(candidate, pulse, now));
            pulse = pulse.after(now, limits().tenantPerMinuteMax()).orElseThrow();
        }
        return suspicion;
    }

    private BatchItem item(Said said) {
        events++;
        return new BatchItem(new EventId("e-" + events), said.feedback().subject(), said.example());
    }

    private void holdOut(Said said) {
        buffer = buffer.afterHoldout();
        BatchItem item = item(said);
        HoldoutAssigned assigned =
                new HoldoutAssigned(item.event(), buffer.holdoutThrough(), item.subject(), item.example());
        tell(log -> log.assigned(TENANT, assigned));
    }

    /// One batch a round, however many events were let through.
    private Optional<AdapterTrained> train(List<WaitingItem> items) {
        if (items.isEmpty()) return Optional.empty();
        for (WaitingItem item : items) buffer = buffer.after(item);
        BatchId id = new BatchId(TENANT, buffer.nextBatch());
        BatchClosed batch = new BatchClosed(
                id,
                CloseReason.COUNT,
                buffer.head(),
                policy.recipe(),
                BatchPlanner.seed(id),
                buffer.holdoutThrough(),
                items.stream().mapToInt(WaitingItem::tokens).sum(),
                items.stream().map(WaitingItem::item).toList());
        buffer = buffer.afterClosing(TENANT, items, Optional.empty(), now);
        if (!(training.train(batch, (_, _, _) -> {}) instanceof TrainingResult.Stored stored)) return Optional.empty();
        AdapterTrained trained = new AdapterTrained(
                VersionId.of(id),
                stored.artifact(),
                id,
                batch.parent(),
                stored.base(),
                stored.stats().steps(),
                stored.stats().tokens(),
                stored.stats().lossNatsFirst(),
                stored.stats().lossNatsLast(),
                batch.holdoutThrough());
        tell(log -> log.trained(TENANT, trained));
        return Optional.of(trained);
    }

    private Judgement judge(AdapterTrained candidate) {
        Judgement judgement = evaluation.judge(candidate, evidence.about(candidate), series);
        series = series.after(new AdapterEvaluated(
                candidate.version(),
                candidate.artifact(),
                champion,
                candidate.base(),
                judgement.verdict(),
                judgement.reason(),
                judgement.gates(),
                judgement.measurements(),
                Optional.of(policy.gate()),
                judgement.test()));
        return judgement;
    }

    private PromotionOutcome decide(AdapterTrained candidate, Judgement judgement) {
        PromotionOutcome outcome = switch (judgement.verdict()) {
            case APPROVED -> PromotionOutcome.PROMOTED;
            case NEEDS_MORE_EVIDENCE -> PromotionOutcome.HELD;
            case REJECTED -> PromotionOutcome.REFUSED;
        };
        PromotionDecided decided =
                new PromotionDecided(candidate.version(), candidate.artifact(), outcome, champion, judgement.reason());
        champion = decided.championAfter();
        buffer = buffer.after(decided);
        tell(log -> log.decided(TENANT, decided));
        return outcome;
    }
}
