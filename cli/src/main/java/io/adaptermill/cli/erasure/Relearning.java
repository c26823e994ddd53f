package io.adaptermill.cli.erasure;

import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What others taught the versions that are taken out of service, to be learned once more on the way that all
/// feedback goes: screened, batched, trained, gated, promoted.
public final class Relearning {
    private Relearning() {}

    /// @param batches those versions', the oldest first
    /// @param without who asked to be forgotten
    /// @param erasure names the request, so that asking again sends the same ids, which ingest knows
    /// @return in the order in which it was learned first, under new ids
    public static List<Envelope<FeedbackReceived>> of(
            List<BatchClosed> batches, SubjectId without, String erasure, String source, Instant now) {
        return batches.stream()
                .flatMap(batch -> batch.items().stream()
                        .filter(item -> item.subject().filter(without::equals).isEmpty())
                        .map(item -> new Envelope<>(
                                batch.batch().tenant(),
                                EventId.named(item.event() + "/relearned/" + erasure),
                                source,
                                now,
                                new FeedbackReceived(feedback(item)))))
                .toList();
    }

    private static Feedback feedback(BatchItem item) {
        Optional<SubjectId> subject = item.subject();
        return switch (item.example()) {
            case Example.Demonstration it -> new Feedback.Demonstration(it.prompt(), it.response(), subject);
            case Example.Edit it ->
                new Feedback.Edit(
                        Optional.empty(), Optional.of(it.prompt()), Optional.of(it.original()), it.edited(), subject);
            case Example.Preference it -> new Feedback.Preference(it.prompt(), it.chosen(), it.rejected(), subject);
            case Example.Rating it ->
                new Feedback.Rating(
                        Optional.empty(),
                        Optional.of(it.prompt()),
                        Optional.of(it.response()),
                        Optional.of(it.good() ? Thumb.UP : Thumb.DOWN),
                        Optional.empty(),
                        subject);
        };
    }
}
