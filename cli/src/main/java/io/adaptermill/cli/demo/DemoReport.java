package io.adaptermill.cli.demo;

import io.adaptermill.cli.client.Version;
import io.adaptermill.cli.promises.Promise;
import io.adaptermill.schemas.event.AdapterSwapped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every figure that the demo printed, for programs.
///
/// @param took of each step, in the order they were done
/// @param sent accepted feedback events by tenant
public record DemoReport(
        Instant started,
        Duration total,
        Map<String, Duration> took,
        String modelSource,
        int cores,
        Map<String, Integer> sent,
        Map<String, Long> refused,
        List<Version> versions,
        List<AdapterSwapped> swaps,
        Latencies load,
        Map<String, Integer> answersByVersion,
        Optional<TrainerCrash.Killed> trainerKilled,
        Optional<Duration> trainerOutage,
        List<Comparison> comparisons,
        List<Promise> promises,
        boolean kept) {
    /// An answer before and after.
    public record Comparison(String tenant, String question, String before, String after, String version) {}
}
