package io.adaptermill.cli.promises;

import io.adaptermill.schemas.id.BatchId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What becomes of batches: one result each, however often a trainer died.
final class TrainingPromises {
    private TrainingPromises() {}

    static Promise everyBatchHasOneResult(Evidence evidence) {
        Map<BatchId, Integer> results = new LinkedHashMap<>();
        List<String> violations = new ArrayList<>();
        Set<BatchId> closed = new HashSet<>();
        evidence.batches().forEach(entry -> {
            BatchId batch = entry.event().batch();
            if (!closed.add(batch)) violations.add("batch " + batch + " was closed twice");
            results.putIfAbsent(batch, 0);
        });
        evidence.trained().forEach(e -> results.merge(e.event().batch(), 1, Integer::sum));
        evidence.failed().forEach(e -> results.merge(e.event().batch(), 1, Integer::sum));
        results.forEach((batch, count) -> {
            if (!closed.contains(batch)) violations.add("batch " + batch + " has a result and was never closed");
            else if (count != 1) violations.add("batch " + batch + " has " + count + " results");
        });
        return new Promise(
                "one-result-each",
                "each batch has exactly one result, an adapter or a failure",
                closed.size(),
                violations);
    }
}
