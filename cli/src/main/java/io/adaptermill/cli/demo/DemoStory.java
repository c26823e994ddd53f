package io.adaptermill.cli.demo;

import io.adaptermill.cli.client.Version;
import io.adaptermill.cli.demo.DemoReport.Comparison;
import io.adaptermill.cli.promises.Answer;
import io.adaptermill.cli.promises.Entry;
import io.adaptermill.cli.promises.Evidence;
import io.adaptermill.cli.promises.Promise;
import io.adaptermill.cli.promises.Promises;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.id.VersionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Tells the demo from the registration to the checked promises, and adds up its figures. Owned by one thread.
public final class DemoStory {
    private final Demo demo;
    private final Terminal terminal;
    private final Instant started;
    private final Map<String, Duration> took = new LinkedHashMap<>();

    /// @param started when the command began
    public DemoStory(Demo demo, Terminal terminal, Instant started) {
        this.demo = demo;
        this.terminal = terminal;
        this.started = started;
    }

    /// Notes how long something took.
    public void took(String what, Duration duration) {
        took.put(what, duration);
    }

    /// @return the figures; [DemoReport#kept()] says whether every promise was kept
    public DemoReport run(String modelSource) {
        for (DemoTenant tenant : demo.tenants()) {
            terminal.line(terminal.dim(String.format("      %-8s %s", tenant.tenant(), tenant.story())));
        }
        timed("register", demo::register);
        List<String> before = timed("ask before", demo::answers);
        timed("feedback", demo::send);
        timed("learn", demo::watch);
        List<String> after = timed("ask after", demo::answers);
        List<Comparison> comparisons = comparisons(before, after);
        Evidence evidence = demo.evidence();
        List<Promise> promises = Promises.check(evidence);
        DemoReport report = report(modelSource, evidence, comparisons, promises);
        tell(report);
        return report;
    }

    private void timed(String what, Runnable step) {
        timed(what, () -> {
            step.run();
            return List.<String>of();
        });
    }

    private <T> T timed(String what, Supplier<T> step) {
        long start = System.nanoTime();
        T result = step.get();
        took.put(what, Duration.ofNanos(System.nanoTime() - start));
        return result;
    }

    private List<Comparison> comparisons(List<String> before, List<String> after) {
        List<Comparison> comparisons = new ArrayList<>();
        List<Version> serving =
                Version.all(demo.journey()).stream().filter(Version::serving).toList();
        int index = 0;
        for (DemoTenant tenant : demo.tenants()) {
            String version = serving.stream()
                    .map(Version::version)
                    .filter(id -> id.tenant().equals(tenant.tenant()))
                    .map(VersionId::toString)
                    .findFirst()
                    .orElse("base model");
            for (String question : tenant.questions()) {
                comparisons.add(new Comparison(
                        tenant.tenant().value(), question, before.get(index), after.get(index), version));
                index++;
            }
        }
        return comparisons;
    }

    private DemoReport report(
            String modelSource, Evidence evidence, List<Comparison> comparisons, List<Promise> promises) {
        Map<String, Integer> sent = new TreeMap<>();
        evidence.acknowledged().forEach(event -> sent.merge(event.tenant().value(), 1, Integer::sum));
        Map<String, Long> refused = new TreeMap<>();
        evidence.refused().forEach(entry -> refused.merge(entry.event().reason().name(), 1L, Long::sum));
        Map<String, Integer> byVersion = new TreeMap<>();
        evidence.answers().stream()
                .filter(answer -> !answer.failed())
                .forEach(answer -> byVersion.merge(named(answer), 1, Integer::sum));
        return new DemoReport(
                started,
                Duration.between(started, Instant.now()),
                took,
                modelSource,
                Runtime.getRuntime().availableProcessors(),
                sent,
                refused,
                Version.all(demo.journey()),
                events(evidence.swapped()),
                Latencies.of(evidence.answers()),
                byVersion,
                demo.killed(),
                demo.outage(),
                comparisons,
                promises,
                promises.stream().allMatch(Promise::kept));
    }

    private static String named(Answer answer) {
        return answer.tenant() + " by "
                + answer.version().map(VersionId::toString).orElse("base model");
    }

    private static <E extends Event> List<E> events(List<Entry<E>> entries) {
        return entries.stream().map(Entry::event).toList();
    }

    private void tell(DemoReport report) {
        Latencies load = report.load();
        terminal.line(Teller.label(6, "Hot swap") + load.count() + " requests in all, " + load.failed()
                + " failed; p50 " + load.millisP50() + " ms, p99 " + load.millisP99() + " ms");
        terminal.line("");
        for (Comparison comparison : report.comparisons()) {
            terminal.line(terminal.strong(comparison.tenant() + ": " + comparison.question()));
            terminal.line("  before  " + oneLine(comparison.before()));
            terminal.line(
                    "  after   " + oneLine(comparison.after()) + terminal.dim("  (" + comparison.version() + ")"));
        }
        terminal.line("");
        terminal.line("Promises, checked from the topics and the clients' log alone:");
        report.promises().forEach(this::tell);
        terminal.line("");
        terminal.line("Took " + report.total().toSeconds() + " s: "
                + String.join(
                        ", ",
                        report.took().entrySet().stream()
                                .map(entry -> entry.getKey() + " "
                                        + Math.round(entry.getValue().toMillis() / 1000.0) + " s")
                                .toList()));
    }

    private void tell(Promise promise) {
        String mark = promise.kept() ? terminal.good("kept  ") : terminal.bad("BROKEN");
        terminal.line("  " + mark + " " + promise.sentence() + " (" + promise.checked() + " checked)");
        promise.violations().stream().limit(5).forEach(violation -> terminal.line("           " + violation));
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
