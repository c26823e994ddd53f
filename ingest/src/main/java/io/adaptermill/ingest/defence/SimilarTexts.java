package io.adaptermill.ingest.defence;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the sketches that are like one, without comparing it with all: locality-sensitive hashing.
///
/// A sketch lies in 16 buckets, one for each band of four minima. Two of similarity s share one with the
/// probability `1 − (1 − s⁴)¹⁶`: 0.99 at 0.7, 0.12 at 0.3. Those found are then compared.
///
/// Source: Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", 3.4.
final class SimilarTexts {
    private static final int ROWS = 4;

    private final Map<Long, Set<Passed>> buckets = new HashMap<>();

    void add(Passed entry) {
        entry.sketch().ifPresent(sketch -> {
            for (long band : sketch.bands(ROWS)) {
                buckets.computeIfAbsent(band, _ -> new HashSet<>()).add(entry);
            }
        });
    }

    void remove(Passed entry) {
        entry.sketch().ifPresent(sketch -> {
            for (long band : sketch.bands(ROWS)) {
                buckets.computeIfPresent(band, (_, bucket) -> bucket.remove(entry) && bucket.isEmpty() ? null : bucket);
            }
        });
    }

    /// @param similarity estimated, from which on two are alike
    List<Passed> like(TextSketch sketch, double similarity) {
        Set<Passed> found = new HashSet<>();
        for (long band : sketch.bands(ROWS)) found.addAll(buckets.getOrDefault(band, Set.of()));
        return found.stream()
                .filter(entry -> entry.sketch()
                        .filter(other -> sketch.similarity(other) >= similarity)
                        .isPresent())
                .toList();
    }
}
