package io.adaptermill.serving;

import io.adaptermill.serving.swap.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The configuration, checked.
///
/// @param open whether requests without an API key are answered
/// @param context most tokens of conversation and answer together
public record NodeSettings(
        String bootstrapServers,
        String replica,
        boolean open,
        int threads,
        int batchMax,
        int queueMax,
        int queueMaxPerTenant,
        int context,
        RetryPolicy retries) {

    private static final Duration BACK_OFF_MAX = Duration.ofSeconds(30);

    /// @param replica used where none is configured
    /// @throws IllegalArgumentException with every problem at once
    public static NodeSettings of(ServingConfig config, String replica) {
        ServingConfig.Serving serving = config.serving();
        List<String> problems = new ArrayList<>();
        requirePositive(problems, "threads", serving.threads());
        requirePositive(problems, "batch", serving.batch());
        requirePositive(problems, "queue", serving.queue());
        requirePositive(problems, "queue-per-tenant", serving.queuePerTenant());
        requirePositive(problems, "context", serving.context());
        requirePositive(problems, "swap-attempts", serving.swapAttempts());
        Duration backOff = serving.swapBackOff();
        if (!backOff.isPositive() || backOff.compareTo(BACK_OFF_MAX) > 0) {
            problems.add("adaptermill.serving.swap-back-off must be in (0, " + BACK_OFF_MAX + "], was " + backOff);
        }
        if (!problems.isEmpty()) throw new IllegalArgumentException(String.join("; ", problems));
        return new NodeSettings(
                config.kafka(),
                serving.replica().orElse(replica),
                serving.open(),
                serving.threads(),
                serving.batch(),
                serving.queue(),
                serving.queuePerTenant(),
                serving.context(),
                new RetryPolicy(serving.swapAttempts(), backOff, BACK_OFF_MAX));
    }

    /// Whether requests without any key are answered, said in a word for the log.
    Optional<String> warning() {
        return open ? Optional.of("answers without API keys: adaptermill.serving.open is true") : Optional.empty();
    }

    private static void requirePositive(List<String> problems, String key, int value) {
        if (value < 1) problems.add("adaptermill.serving." + key + " must be at least 1, was " + value);
    }
}
