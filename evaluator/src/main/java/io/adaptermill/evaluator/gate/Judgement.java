package io.adaptermill.evaluator.gate;

import io.adaptermill.schemas.event.GateResult;
import io.adaptermill.schemas.event.Measurement;
import io.adaptermill.schemas.event.Verdict;
import java.util.List;

/// A verdict with everything it rests on.
///
/// @param reason in words, with the figures
public record Judgement(Verdict verdict, String reason, List<GateResult> gates, List<Measurement> measurements) {}
