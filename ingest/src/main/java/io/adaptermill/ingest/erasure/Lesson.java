package io.adaptermill.ingest.erasure;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Optional;

/// What is remembered of a batch once it is closed: whose words are in it, and what it goes on from. No texts.
///
/// @param parent absent for the bare base model
/// @param subjects who is in it, as far as the product says
/// @param closedAtMillis timestamp of its record
/// @param isErased whether its version must not serve
public record Lesson(
        BatchId batch, Optional<AdapterRef> parent, List<SubjectId> subjects, long closedAtMillis, boolean isErased) {
    public Lesson {
        subjects = List.copyOf(subjects);
    }

    public static Lesson of(BatchClosed closed, long closedAtMillis) {
        List<SubjectId> subjects = closed.taught()
                .map(BatchItem::subject)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        return new Lesson(closed.batch(), closed.parent(), subjects, closedAtMillis, false);
    }

    public VersionId version() {
        return VersionId.of(batch);
    }

    SubjectErased.Again again() {
        return new SubjectErased.Again(batch, closedAtMillis);
    }

    /// Without the person's name, which is to be forgotten too.
    Lesson erased(SubjectId subject) {
        List<SubjectId> others =
                subjects.stream().filter(other -> !other.equals(subject)).toList();
        return new Lesson(batch, parent, others, closedAtMillis, true);
    }
}
