package io.adaptermill.lineage.history;

import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterSwapped;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.AdapterWithdrawn;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchReopened;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionRequested;
import io.adaptermill.schemas.event.QuarantineAnswered;
import io.adaptermill.schemas.event.QuarantineRequested;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.ServingCandidate;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.event.TrainingProgressed;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// All lineage there is, read from events alone: note each event once, in any order between topics, then ask.
///
/// Noting an event again changes nothing. Used by one thread at a time.
public final class LineageLog {
    private final Map<String, TenantLog> tenants = new TreeMap<>();

    /// @throws IllegalArgumentException if the event contradicts what a version is
    public void note(Envelope<? extends Event> envelope) {
        TenantLog log = tenant(envelope.tenant());
        switch (envelope.event()) {
            case InferenceServed event -> log.answered(event.inference(), event.version());
            case FeedbackReceived event -> {
                log.received(envelope.id(), judged(event.feedback()));
                log.said(envelope.id(), event.feedback().subject());
            }
            case FeedbackRefused event ->
                log.refused(event.event(), new Whereabouts.Refused(event.reason(), event.detail()));
            case FeedbackQuarantined event -> {
                log.quarantined(event.event(), new Whereabouts.Quarantined(event.reason(), event.detail()));
                log.said(event.event(), event.subject());
            }
            case HoldoutAssigned event -> {
                log.placed(event.event(), new Whereabouts.HeldOut(event.sequence()));
                log.said(event.event(), event.subject());
            }
            case BatchClosed event -> log.closed(event);
            case AdapterTrained event -> log.trained(event);
            case PromotionDecided event -> log.decided(event);
            case AdapterEvaluated _,
                    AdapterSwapped _,
                    AdapterWithdrawn _,
                    BatchReopened _,
                    ErasureRequested _,
                    PromotionAnswered _,
                    PromotionRequested _,
                    QuarantineAnswered _,
                    QuarantineRequested _,
                    ServingAdapter _,
                    ServingCandidate _,
                    SubjectErased _,
                    TenantPolicy _,
                    TrainingFailed _,
                    TrainingProgressed _ -> {}
        }
    }

    /// Events of a batch whose texts nobody can read any more: they trained what they trained.
    public void erased(BatchId batch, List<EventId> events) {
        tenant(batch.tenant()).learned(batch, events);
    }

    /// A hold-out example whose text nobody can read any more.
    public void erased(TenantId tenant, EventId event, long sequence) {
        tenant(tenant).placed(event, new Whereabouts.HeldOut(sequence));
    }

    private TenantLog tenant(TenantId tenant) {
        return tenants.computeIfAbsent(tenant.value(), _ -> new TenantLog(tenant));
    }

    private static Optional<InferenceId> judged(Feedback feedback) {
        return switch (feedback) {
            case Feedback.Edit edit -> edit.inferenceId();
            case Feedback.Rating rating -> rating.inferenceId();
            case Feedback.Demonstration _, Feedback.Preference _ -> Optional.empty();
        };
    }

    public Optional<Lineage> of(VersionId version) {
        return Optional.ofNullable(tenants.get(version.tenant().value())).flatMap(log -> log.ofVersion(version));
    }

    public Optional<Lineage> of(TenantId tenant, InferenceId inference) {
        return Optional.ofNullable(tenants.get(tenant.value())).flatMap(log -> log.ofAnswer(inference));
    }

    public Optional<Lineage> of(TenantId tenant, EventId event) {
        return Optional.ofNullable(tenants.get(tenant.value())).flatMap(log -> log.ofEvent(event));
    }

    public Optional<Lineage> of(TenantId tenant, SubjectId subject) {
        return Optional.ofNullable(tenants.get(tenant.value())).flatMap(log -> log.ofSubject(subject));
    }

    /// Everything that goes by this name: answers and feedback events of any tenant. Ids are unique only
    /// within one.
    public List<Lineage> named(String id) {
        return tenants.values().stream()
                .flatMap(log -> Stream.concat(
                        log.ofAnswer(new InferenceId(id)).stream(), log.ofEvent(new EventId(id)).stream()))
                .toList();
    }
}
