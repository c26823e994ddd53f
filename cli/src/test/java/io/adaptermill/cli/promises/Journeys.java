package io.adaptermill.cli.promises;

import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterSwapped;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.QuarantineReason;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.ServingCandidate;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A journey to tamper with: two promotions of one tenant, a rejection of another, nothing wrong.
final class Journeys {
    static final TenantId ACME = new TenantId("acme");
    static final TenantId GLOBEX = new TenantId("globex");
    static final Digest BASE = digest("base");

    final List<Acknowledged> acknowledged = new ArrayList<>();
    final List<Entry<FeedbackReceived>> received = new ArrayList<>();
    final List<Entry<FeedbackRefused>> refused = new ArrayList<>();
    final List<Entry<FeedbackQuarantined>> quarantined = new ArrayList<>();
    final List<Entry<HoldoutAssigned>> heldOut = new ArrayList<>();
    final List<Entry<BatchClosed>> batches = new ArrayList<>();
    final List<Entry<AdapterTrained>> trained = new ArrayList<>();
    final List<Entry<TrainingFailed>> failed = new ArrayList<>();
    final List<Entry<AdapterEvaluated>> evaluated = new ArrayList<>();
    final List<Entry<PromotionDecided>> decided = new ArrayList<>();
    final List<Entry<ServingAdapter>> serving = new ArrayList<>();
    final List<Entry<ServingCandidate>> tried = new ArrayList<>();
    final List<Entry<AdapterSwapped>> swapped = new ArrayList<>();
    final List<Answer> answers = new ArrayList<>();

    /// At second 10 acme@1 is promoted and swapped in at 11; at 20 and 21 acme@2; globex@1 is refused at 30.
    static Journeys good() {
        Journeys journeys = new Journeys();
        for (String event : List.of("e-1", "e-2", "e-2", "e-3", "e-4", "e-5")) journeys.receive(ACME, event);
        journeys.receive(GLOBEX, "e-1");
        journeys.refused.add(refusal("e-2", RefusalReason.DUPLICATE));
        journeys.refused.add(refusal("e-4", RefusalReason.BUFFER_FULL));
        journeys.heldOut.add(holdout("e-3"));
        // Released, and still there.
        journeys.quarantined.add(quarantine("e-1"));
        journeys.quarantined.add(quarantine("e-5"));
        journeys.promote(1, "e-1", Optional.empty(), 10);
        journeys.promote(2, "e-2", Optional.of(ref(1)), 20);
        journeys.refuse();
        journeys.answers.add(answer(ACME, 9, 10, null));
        journeys.answers.add(answer(ACME, 10, 12, "acme@1"));
        journeys.answers.add(answer(ACME, 21, 22, "acme@1"));
        journeys.answers.add(answer(ACME, 21, 22, "acme@2"));
        journeys.answers.add(answer(GLOBEX, 31, 32, null));
        return journeys;
    }

    Evidence evidence() {
        return new Evidence(
                acknowledged,
                received,
                refused,
                quarantined,
                heldOut,
                batches,
                trained,
                failed,
                evaluated,
                decided,
                serving,
                tried,
                swapped,
                answers);
    }

    void receive(TenantId tenant, String event) {
        acknowledged.add(new Acknowledged(tenant, new EventId(event)));
        Feedback feedback = new Feedback.Demonstration(Prompt.ofUser("How?"), "So.", Optional.empty());
        received.add(entry(tenant, event, 0, new FeedbackReceived(feedback)));
    }

    private void promote(int number, String event, Optional<AdapterRef> before, int second) {
        batches.add(batch(ACME, number, List.of(event)));
        trained.add(trained(ACME, number));
        evaluated.add(evaluation(ref(number), Verdict.APPROVED, second));
        decided.add(decision(ref(number), PromotionOutcome.PROMOTED, before, second));
        serving.add(pointer(ref(number), second));
        swapped.add(swap(before.map(AdapterRef::version), ref(number), second + 1));
    }

    private void refuse() {
        AdapterRef candidate = new AdapterRef(new VersionId(GLOBEX, 1), digest("globex@1"));
        batches.add(batch(GLOBEX, 1, List.of("e-1")));
        trained.add(trained(GLOBEX, 1));
        evaluated.add(evaluation(candidate, Verdict.REJECTED, 30));
        decided.add(decision(candidate, PromotionOutcome.REFUSED, Optional.empty(), 30));
    }

    static AdapterRef ref(int number) {
        return new AdapterRef(new VersionId(ACME, number), digest("acme@" + number));
    }

    static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static Instant at(int second) {
        return Instant.ofEpochSecond(second);
    }

    static <E extends Event> Entry<E> entry(TenantId tenant, String id, int second, E event) {
        return new Entry<>(new Envelope<>(tenant, new EventId(id), "/test", at(second), event), 0, 0);
    }

    static Entry<FeedbackRefused> refusal(String event, RefusalReason reason) {
        return entry(
                ACME,
                "r-" + event,
                0,
                new FeedbackRefused(new EventId(event), reason, "because", reason.nextStep(), 0, 0));
    }

    static Entry<FeedbackQuarantined> quarantine(String event) {
        return entry(
                ACME,
                "q-" + event,
                0,
                new FeedbackQuarantined(
                        new EventId(event),
                        Optional.empty(),
                        new Example.Demonstration(Prompt.ofUser("How?"), "So."),
                        QuarantineReason.NEAR_DUPLICATE,
                        "because",
                        0,
                        0));
    }

    static Entry<HoldoutAssigned> holdout(String event) {
        return entry(
                ACME,
                event,
                0,
                new HoldoutAssigned(
                        new EventId(event),
                        1,
                        Optional.empty(),
                        new Example.Demonstration(Prompt.ofUser("How?"), "So.")));
    }

    static Entry<BatchClosed> batch(TenantId tenant, int number, List<String> events) {
        List<BatchItem> items = events.stream()
                .map(event -> new BatchItem(
                        new EventId(event), Optional.empty(), new Example.Demonstration(Prompt.ofUser("How?"), "So.")))
                .toList();
        BatchId id = new BatchId(tenant, number);
        return entry(
                tenant,
                id.toString(),
                1,
                new BatchClosed(id, CloseReason.COUNT, Optional.empty(), Recipe.DEFAULT, 1, 1, 10, items));
    }

    static Entry<AdapterTrained> trained(TenantId tenant, int number) {
        VersionId version = new VersionId(tenant, number);
        return entry(
                tenant,
                version.toString(),
                2,
                new AdapterTrained(
                        version,
                        digest(version.toString()),
                        new BatchId(tenant, number),
                        Optional.empty(),
                        BASE,
                        12,
                        1000,
                        3,
                        1,
                        1));
    }

    static Entry<AdapterEvaluated> evaluation(AdapterRef candidate, Verdict verdict, int second) {
        return entry(
                candidate.version().tenant(),
                "v-" + candidate.version(),
                second,
                new AdapterEvaluated(
                        candidate.version(),
                        candidate.artifact(),
                        Optional.empty(),
                        BASE,
                        verdict,
                        "because",
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty()));
    }

    static Entry<PromotionDecided> decision(
            AdapterRef candidate, PromotionOutcome outcome, Optional<AdapterRef> before, int second) {
        return entry(
                candidate.version().tenant(),
                "d-" + candidate.version(),
                second,
                new PromotionDecided(candidate.version(), candidate.artifact(), outcome, before, "because"));
    }

    static Entry<ServingAdapter> pointer(AdapterRef champion, int second) {
        return entry(
                champion.version().tenant(), "s-" + champion.version(), second, new ServingAdapter(champion, BASE));
    }

    static Entry<AdapterSwapped> swap(Optional<VersionId> from, AdapterRef to, int second) {
        return entry(
                to.version().tenant(),
                "w-" + to.version(),
                second,
                new AdapterSwapped(from, to.version(), to.artifact(), "serving-1", 7, 0));
    }

    static Answer answer(TenantId tenant, int start, int end, @Nullable String version) {
        return new Answer(
                tenant,
                at(start),
                at(end),
                200,
                version == null ? Optional.empty() : Optional.of(VersionId.parse(version)),
                Optional.empty());
    }
}
