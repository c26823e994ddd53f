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
    private final Map<String, Map<String, List<Contender.Sample>>> samples = new LinkedHashMap<>();
    private final Map<String, Long> peaks = new LinkedHashMap<>();

    Report(int threads) {
        this.threads = threads;
    }

    void add(String workload, String contender, Contender.Sample sample) {
        samples.computeIfAbsent(workload, unused -> new LinkedHashMap<>())
                .computeIfAbsent(contender, unused -> new ArrayList<>())
                .add(sample);
    }

    void peak(String contender, long megabytes) {
        peaks.put(contender, megabytes);
    }

    /// One table for each workload; ratios are of medians, against the first program.
    void print(PrintStream out) throws IOException {
        out.printf("%s; %d threads each%n", Usage.processor(), threads);
        samples.forEach((workload, byContender) -> {
            out.printf("%n| %s | ms, median | lowest | cpu ms | times ours | others' cores |%n", workload);
            out.println("| --- | ---: | ---: | ---: | ---: | ---: |");
            double ours = medianMillis(byContender.values().iterator().next());
            byContender.forEach((contender, all) -> out.printf(
                    "| %s | %.0f | %.0f | %.0f | %.2f | %.2f |%n",
                    contender,
                    medianMillis(all),
                    all.stream().mapToDouble(Contender.Sample::millis).min().orElseThrow(),
                    median(all.stream().mapToDouble(Contender.Sample::cpuMillis).toArray()),
                    medianMillis(all) / ours,
                    median(all.stream()
                            .mapToDouble(Contender.Sample::othersCores)
                            .toArray())));
        });
        out.printf("%n| peak resident memory after 8x128 | MB |%n| --- | ---: |%n");
        peaks.forEach((contender, megabytes) -> out.printf("| %s | %d |%n", contender, megabytes));
    }

    String json() throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("processor", Usage.processor());
        all.put("threads", threads);
        all.put("peakMegabytes", peaks);
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
