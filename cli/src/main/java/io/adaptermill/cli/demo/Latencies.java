package io.adaptermill.cli.demo;

import io.adaptermill.cli.promises.Answer;
import java.util.List;

/// How long answers took.
///
/// @param count of all requests
/// @param failed of them
record Latencies(int count, int failed, long millisP50, long millisP99) {
    static Latencies of(List<Answer> answers) {
        long[] sorted = answers.stream()
                .mapToLong(answer -> answer.latency().toMillis())
                .sorted()
                .toArray();
        int failed = (int) answers.stream().filter(Answer::failed).count();
        return new Latencies(sorted.length, failed, quantile(sorted, 0.5), quantile(sorted, 0.99));
    }

    private static long quantile(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }
}
