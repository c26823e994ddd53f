package io.adaptermill.ingest.erasure;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.VersionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Finds the versions that a person is in, itself or through what they went on from, and the way around them.
public final class Forgetting {
    private final Map<VersionId, Lesson> lessons = new HashMap<>();
    private final List<Lesson> found = new ArrayList<>();
    private final Set<VersionId> erased = new HashSet<>();
    private final SubjectId subject;

    /// @param lessons all of the tenant's, the oldest first
    public Forgetting(List<Lesson> lessons, SubjectId subject) {
        this.subject = subject;
        for (Lesson lesson : lessons) {
            this.lessons.put(lesson.version(), lesson);
            if (lesson.isErased()) erased.add(lesson.version());
            else if (isTheirs(lesson)) {
                erased.add(lesson.version());
                found.add(lesson);
            }
        }
    }

    /// A parent is older than its child, so it was looked at before.
    private boolean isTheirs(Lesson lesson) {
        return lesson.subjects().contains(subject)
                || lesson.parent()
                        .filter(parent -> erased.contains(parent.version()))
                        .isPresent();
    }

    /// Versions that must not serve since this erasure, the oldest first.
    public List<VersionId> versions() {
        return found.stream().map(Lesson::version).toList();
    }

    /// What is remembered of their batches from now on.
    public List<Lesson> remembered() {
        return found.stream().map(lesson -> lesson.erased(subject)).toList();
    }

    public boolean isErased(BatchId batch) {
        return erased.contains(VersionId.of(batch));
    }

    /// The youngest that may serve on the way from a version down to the base model.
    public Optional<AdapterRef> clean(Optional<AdapterRef> from) {
        Optional<AdapterRef> at = from;
        while (at.filter(ref -> erased.contains(ref.version())).isPresent()) {
            at = parent(at.get().version());
        }
        return at;
    }

    /// What is learned once more: what lies between a batch and the last clean version, and what was waiting to be
    /// learned once more before.
    ///
    /// @param tip the youngest batch of the line that goes on; absent if there is none
    public List<SubjectErased.Again> again(Optional<BatchId> tip, List<SubjectErased.Again> waiting) {
        List<SubjectErased.Again> line = new ArrayList<>();
        Optional<VersionId> at = tip.map(VersionId::of);
        while (at.filter(erased::contains).isPresent()) {
            Lesson lesson = lessons.get(at.get());
            if (lesson == null) break;
            line.addFirst(lesson.again());
            at = lesson.parent().map(AdapterRef::version);
        }
        return Stream.concat(line.stream(), waiting.stream()).toList();
    }

    /// What a batch went on from; absent for the bare base model.
    public Optional<AdapterRef> parent(BatchId batch) {
        return parent(VersionId.of(batch));
    }

    private Optional<AdapterRef> parent(VersionId version) {
        return Optional.ofNullable(lessons.get(version)).flatMap(Lesson::parent);
    }
}
