package io.adaptermill.cli.promises;

import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterSwapped;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.ServingCandidate;
import io.adaptermill.schemas.event.TrainingFailed;
import java.util.List;

/// Everything the checks look at, each list in the order of its topic (within a tenant) or of its client.
public record Evidence(
        List<Acknowledged> acknowledged,
        List<Entry<FeedbackReceived>> received,
        List<Entry<FeedbackRefused>> refused,
        List<Entry<FeedbackQuarantined>> quarantined,
        List<Entry<HoldoutAssigned>> heldOut,
        List<Entry<BatchClosed>> batches,
        List<Entry<AdapterTrained>> trained,
        List<Entry<TrainingFailed>> failed,
        List<Entry<AdapterEvaluated>> evaluated,
        List<Entry<PromotionDecided>> decided,
        List<Entry<ServingAdapter>> serving,
        List<Entry<ServingCandidate>> tried,
        List<Entry<AdapterSwapped>> swapped,
        List<Answer> answers) {
    public Evidence {
        acknowledged = List.copyOf(acknowledged);
        received = List.copyOf(received);
        refused = List.copyOf(refused);
        quarantined = List.copyOf(quarantined);
        heldOut = List.copyOf(heldOut);
        batches = List.copyOf(batches);
        trained = List.copyOf(trained);
        failed = List.copyOf(failed);
        evaluated = List.copyOf(evaluated);
        decided = List.copyOf(decided);
        serving = List.copyOf(serving);
        tried = List.copyOf(tried);
        swapped = List.copyOf(swapped);
        answers = List.copyOf(answers);
    }

    /// Quarantined events that nobody has decided on.
    public List<Entry<FeedbackQuarantined>> waitingForPeople() {
        return Quarantined.waiting(quarantined, batches, heldOut, refused);
    }
}
