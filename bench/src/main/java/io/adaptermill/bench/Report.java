package io.adaptermill.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All samples of a bench: medians in a table, and every one as JSON.
final class Report {
    private final int threads;
    private final int ours;
    private final Map<String, Map<String, List<Contender.Sample>>> samples = new LinkedHashMap<>();
    private final Map<String, List<Double>> starts = new LinkedHashMap<>();
    private final Map<String, Long> peaks = new LinkedHashMap<>();

    /// @param ours how many of the programs, the first ones, the others are compared with
    Report(int threads, int ours) {
        this.threads = threads;
        this.ours = ours;
    }

    void add(String workload, String contender, Contender.Sample sample) {
        samples.computeIfAbsent(workload, unused -> new LinkedHashMap<>())
                .computeIfAbsent(contender, unused -> new ArrayList<>())
                .add(sample);
    }

    /// @param seconds from the start of the process to the end of its first step
    void start(String contender, double seconds) {
        starts.computeIfAbsent(contender, unused -> new ArrayList<>()).add(seconds);
    }

    void peak(String contender, long megabytes) {
        peaks.put(contender, megabytes);
    }

    /// One table for each workload; ratios are of medians.
    void print(PrintStream out) throws IOException {
        out.printf("%s; %d threads each%n", Usage.processor(), threads);
        samples.forEach((workload, byContender) -> print(out, workload, byContender));
        if (!starts.isEmpty()) out.printf("%n| from nothing to the end of the first step | s |%n| --- | ---: |%n");
        starts.forEach((contender, all) -> out.printf(
                "| %s | %.1f |%n",
                contender, median(all.stream().mapToDouble(Double::doubleValue).toArray())));
        if (!peaks.isEmpty()) out.printf("%n| peak resident memory after 8x128 | MiB |%n| --- | ---: |%n");
        peaks.forEach((contender, megabytes) -> out.printf("| %s | %d |%n", contender, megabytes));
    }

    /// Where a step's time goes; what is below half a hundredth is left out.
    static void printKernels(PrintStream out, String workload, double millis, Map<String, Integer> looks) {
        Map<String, Integer> inside = new LinkedHashMap<>(looks);
        inside.remove(StackSampler.ELSEWHERE);
        int all = inside.values().stream().mapToInt(Integer::intValue).sum();
        out.printf("| %s: %.0f ms, seen %d times | ms | share |%n| --- | ---: | ---: |%n", workload, millis, all);
        inside.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .filter(entry -> entry.getValue() * 200 >= all)
                .forEach(entry -> out.printf(
                        "| %s | %.1f | %.1f %% |%n",
                        entry.getKey(), millis * entry.getValue() / all, 100.0 * entry.getValue() / all));
    }

    private void print(PrintStream out, String workload, Map<String, List<Contender.Sample>> byContender) {
        List<String> rivals = byContender.keySet().stream().limit(ours).toList();
        out.printf("%n| %s | ms, median | lowest | cpu ms | others' cores |", workload);
        rivals.forEach(rival -> out.printf(" times %s |", rival));
        out.printf("%n| --- |%s%n", " ---: |".repeat(4 + rivals.size()));
        byContender.forEach((contender, all) -> {
            out.printf(
                    "| %s | %.0f | %.0f | %.0f | %.2f |",
                    contender,
                    medianMillis(all),
                    all.stream().mapToDouble(Contender.Sample::millis).min().orElseThrow(),
                    median(all.stream().mapToDouble(Contender.Sample::cpuMillis).toArray()),
                    median(all.stream()
                            .mapToDouble(Contender.Sample::othersCores)
                            .toArray()));
            for (String rival : rivals) {
                out.printf(" %.2f |", medianMillis(all) / medianMillis(byContender.getOrDefault(rival, all)));
            }
            out.println();
        });
    }

    String json() throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("processor", Usage.processor());
        all.put("threads", threads);
        all.put("peakMegabytes", peaks);
        all.put("startSeconds", starts);
        all.put("samples", samples);
        return write(all);
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double medianMillis(List<Contender.Sample> all) {
        return median(all.stream().mapToDouble(Contender.Sample::millis).toArray());
    }

    private static String write(Object value) throws JsonProcessingException {
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
    }
}
