package io.adaptermill.gates.candidate;

import io.adaptermill.schemas.event.GateResult;
import io.adaptermill.schemas.event.Measurement;
import io.adaptermill.schemas.event.SeriesTest;
import io.adaptermill.schemas.event.Verdict;
import java.util.List;
import java.util.Optional;

/// A verdict with everything it rests on.
///
/// @param reason in words, with the figures
/// @param test what it cost of the tenant's error budget; absent if nothing could be tested
public record Judgement(
        Verdict verdict,
        String reason,
        List<GateResult> gates,
        List<Measurement> measurements,
        Optional<SeriesTest> test) {}
