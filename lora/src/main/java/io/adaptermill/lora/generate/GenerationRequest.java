package io.adaptermill.lora.generate;

import io.adaptermill.schemas.feedback.Prompt;
import java.util.List;

/// What to answer, and within which limits.
///
/// @param tokensMax most tokens of the answer, at least 1
/// @param stops texts that end the answer when they come up; they are not part of it
public record GenerationRequest(Prompt prompt, int tokensMax, Sampling sampling, List<String> stops) {
    public static final int STOPS_MAX = 4;

    public GenerationRequest {
        if (tokensMax < 1) throw new IllegalArgumentException("tokensMax must be at least 1, was " + tokensMax);
        stops = List.copyOf(stops);
        if (stops.size() > STOPS_MAX) {
            throw new IllegalArgumentException("stops must be at most " + STOPS_MAX + ", were " + stops.size());
        }
        if (stops.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a stop must not be empty");
        }
    }
}
