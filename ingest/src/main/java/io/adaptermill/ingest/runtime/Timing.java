package io.adaptermill.ingest.runtime;

import java.time.Duration;

/// How long things are remembered and waited for.
///
/// @param seen how long an event id is remembered
/// @param answers how long an answer can be judged by its id
/// @param answerWait how long feedback waits for the answer it names
/// @param tick how often waiting things are looked at
public record Timing(Duration seen, Duration answers, Duration answerWait, Duration tick) {}
