package io.adaptermill.kafka;

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
import io.adaptermill.schemas.id.EventId;

/// Names for events that depend on what happened and on nothing else, so that a repeated publication is recognised.
public final class EventIds {
    private EventIds() {}

    /// The id of something that happens once to a thing: `of(acme@7, "trained")` is `acme@7/trained`; a name
    /// too long for an id is replaced by its digest.
    public static EventId of(Object thing, String happening) {
        return EventId.named(thing + "/" + happening);
    }

    /// What an event is about, so that one `grep` follows a version or a batch through all topics.
    static String subject(Envelope<? extends Event> envelope) {
        String tenant = envelope.tenant().value();
        return switch (envelope.event()) {
            case FeedbackReceived _ -> tenant + "/" + envelope.id();
            case FeedbackRefused event -> tenant + "/" + event.event();
            case FeedbackQuarantined event -> tenant + "/" + event.event();
            case QuarantineRequested _ -> tenant + "/" + envelope.id();
            case QuarantineAnswered event -> tenant + "/" + event.request();
            case HoldoutAssigned event -> tenant + "/" + event.event();
            case BatchClosed event -> event.batch().toString();
            case BatchReopened event -> event.batch().toString();
            case TrainingProgressed event -> event.batch().toString();
            case TrainingFailed event -> event.batch().toString();
            case AdapterTrained event -> event.version().toString();
            case AdapterEvaluated event -> event.version().toString();
            case PromotionDecided event -> event.version().toString();
            case PromotionRequested _ -> tenant + "/" + envelope.id();
            case PromotionAnswered event -> tenant + "/" + event.request();
            case ServingAdapter event -> event.champion().version().toString();
            case ServingCandidate event -> event.candidate().version().toString();
            case AdapterSwapped event -> event.to().toString();
            case AdapterWithdrawn event -> event.from().toString();
            case InferenceServed event -> tenant + "/" + event.inference();
            // The person is not named where every tool shows it.
            case ErasureRequested _, SubjectErased _ -> tenant;
            case TenantPolicy _ -> tenant;
        };
    }
}
