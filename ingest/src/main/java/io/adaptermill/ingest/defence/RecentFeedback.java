package io.adaptermill.ingest.defence;

import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.policy.DefencePolicy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/// A tenant's last events that were let through, oldest first, and what can be asked of them. Owned by the task's
/// thread, as an index over what its store keeps.
public final class RecentFeedback {
    private final Deque<Passed> entries = new ArrayDeque<>();
    private final SimilarTexts similar = new SimilarTexts();

    public void add(Passed entry) {
        entries.addLast(entry);
        similar.add(entry);
    }

    /// @return those that no limit of the policy asks for any more
    public List<Passed> forgetOld(DefencePolicy policy) {
        int kept = Math.max(policy.subjectWindow(), policy.similarWindow());
        List<Passed> old = new ArrayList<>();
        while (entries.size() > kept) old.add(entries.removeFirst());
        old.forEach(similar::remove);
        return old;
    }

    /// @return those that were forgotten
    public List<Passed> forget(Predicate<Passed> theirs) {
        List<Passed> found = entries.stream().filter(theirs).toList();
        entries.removeAll(found);
        found.forEach(similar::remove);
        return found;
    }

    /// How many of the last ones a person has.
    int of(SubjectId subject, int window) {
        int count = 0;
        Iterator<Passed> newest = entries.descendingIterator();
        for (int i = 0; i < window && newest.hasNext(); i++) {
            if (newest.next().subject().filter(subject::equals).isPresent()) count++;
        }
        return count;
    }

    int ofSince(SubjectId subject, Instant since) {
        return (int) entries.stream()
                .filter(entry -> entry.at().isAfter(since))
                .filter(entry -> entry.subject().filter(subject::equals).isPresent())
                .count();
    }

    /// How many of the last ones say nearly the same.
    int like(TextSketch sketch, double similarity, int window) {
        if (entries.isEmpty()) return 0;
        long from = entries.getLast().sequence() - window;
        return (int) similar.like(sketch, similarity).stream()
                .filter(entry -> entry.sequence() > from)
                .count();
    }
}
