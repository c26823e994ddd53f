package io.adaptermill.ingest.http;

import java.util.List;
import java.util.Optional;

/// What became of each event of a request, in their order.
record BatchResult(int accepted, int refused, List<Item> results) {
    BatchResult {
        results = List.copyOf(results);
    }

    static BatchResult of(List<Reading> readings) {
        List<Item> items = readings.stream().map(Item::of).toList();
        int accepted =
                (int) items.stream().filter(item -> item.problem().isEmpty()).count();
        return new BatchResult(accepted, items.size() - accepted, items);
    }

    /// @param id as the sender wrote it, or the one we gave
    record Item(Optional<String> id, int status, Optional<ProblemDocument> problem) {
        static Item of(Reading reading) {
            return switch (reading) {
                case Reading.Accepted(var envelope) ->
                    new Item(Optional.of(envelope.id().value()), 202, Optional.empty());
                case Reading.Refused(var id, var rejected) ->
                    new Item(id, rejected.problem().status(), Optional.of(rejected.document()));
            };
        }
    }
}
