package io.adaptermill.lineage.history;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// One tenant's life, drawn by a seed: answers, feedback of every fate, batches that fail or become versions
/// with any older version as their parent.
final class RandomJourney {
    static final Digest BASE = digest("base");
    private static final Prompt PROMPT = Prompt.ofUser("How?");
    private static final int BATCH = 6;

    final TenantId tenant;
    final List<Envelope<? extends Event>> log = new ArrayList<>();
    final List<InferenceId> answers = new ArrayList<>();
    final List<EventId> events = new ArrayList<>();
    final List<AdapterTrained> versions = new ArrayList<>();
    private final List<BatchItem> past = new ArrayList<>();
    private final List<EventId> waiting = new ArrayList<>();
    private final Random random;
    private long batches;
    private long heldOut;

    RandomJourney(String tenant, Random random, int length) {
        this.tenant = new TenantId(tenant);
        this.random = random;
        while (log.size() < length) happen();
    }

    private void happen() {
        switch (random.nextInt(3)) {
            case 0 -> answer();
            case 1 -> feedback();
            default -> settle();
        }
    }

    private void answer() {
        InferenceId id = new InferenceId("i-" + answers.size());
        Optional<VersionId> version = anyVersion().map(AdapterTrained::version);
        answers.add(id);
        note(id.value(), new InferenceServed(id, PROMPT, "So.", version, 1, 1, "one"));
    }

    private void feedback() {
        EventId id = new EventId("e-" + events.size());
        Optional<InferenceId> judged = answers.isEmpty() || random.nextBoolean()
                ? Optional.empty()
                : Optional.of(answers.get(random.nextInt(answers.size())));
        Feedback feedback = judged.isPresent()
                ? new Feedback.Rating(
                        judged, Optional.empty(), Optional.empty(), Optional.of(Thumb.UP), Optional.empty(), nobody())
                : new Feedback.Demonstration(PROMPT, "So.", nobody());
        events.add(id);
        note(id.value(), new FeedbackReceived(feedback));
        if (random.nextInt(10) == 0) refuse(id);
        else if (random.nextInt(8) == 0) {
            note(id + "/held", new HoldoutAssigned(id, ++heldOut, Optional.empty(), example()));
        } else waiting.add(id);
        if (random.nextInt(20) == 0) refuse(id);
    }

    private void refuse(EventId id) {
        note(id + "/refused", new FeedbackRefused(id, RefusalReason.DUPLICATE, "known", "none", 0, 0));
    }

    private void settle() {
        if (waiting.size() < BATCH) return;
        BatchId batch = new BatchId(tenant, ++batches);
        Optional<AdapterTrained> parent = anyVersion();
        List<BatchItem> items = waiting.stream()
                .map(id -> new BatchItem(id, Optional.empty(), example()))
                .toList();
        waiting.clear();
        Optional<AdapterRef> ref = parent.map(AdapterTrained::ref);
        BatchClosed closed = new BatchClosed(
                batch, CloseReason.COUNT, ref, Recipe.DEFAULT, 1, heldOut, 9, items, Optional.of(replayed()));
        past.addAll(items);
        note(batch + "/c", closed);
        if (random.nextInt(6) == 0) {
            note(batch + "/f", new TrainingFailed(batch, 1, "diverged", "none"));
            return;
        }
        VersionId version = VersionId.of(batch);
        AdapterTrained trained =
                new AdapterTrained(version, digest(version.toString()), batch, ref, BASE, 2, 10, 2.0, 1.0, heldOut);
        versions.add(trained);
        note(version + "/t", trained);
    }

    /// A few of earlier batches, of those too that failed or that no later version goes on from.
    private List<BatchItem> replayed() {
        if (past.isEmpty() || random.nextInt(3) > 0) return List.of();
        return List.of(past.get(random.nextInt(past.size())));
    }

    private Optional<AdapterTrained> anyVersion() {
        if (versions.isEmpty() || random.nextInt(12) == 0) return Optional.empty();
        int back = Math.min(versions.size(), 1 + random.nextInt(3));
        return Optional.of(versions.get(versions.size() - back));
    }

    private void note(String id, Event event) {
        log.add(new Envelope<>(tenant, new EventId(id), "/test", Instant.EPOCH, event));
    }

    private static Example example() {
        return new Example.Demonstration(PROMPT, "So.");
    }

    private static Optional<SubjectId> nobody() {
        return Optional.empty();
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
