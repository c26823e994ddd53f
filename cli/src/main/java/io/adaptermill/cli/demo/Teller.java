package io.adaptermill.cli.demo;

import io.adaptermill.cli.client.Version;
import io.adaptermill.cli.promises.Entry;
import io.adaptermill.cli.terminal.Bar;
import io.adaptermill.cli.terminal.LiveLine;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterSwapped;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.GateResult;
import io.adaptermill.schemas.event.Measurement;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.event.TrainingProgressed;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.VersionId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Puts each event of the journey into one line, in the order they happen. Owned by one thread.
final class Teller {
    private static final int BAR = 12;
    private final Terminal terminal;
    private final LiveLine line;
    private final Map<BatchId, Double> firstLoss = new HashMap<>();

    Teller(Terminal terminal) {
        this.terminal = terminal;
        this.line = new LiveLine(terminal);
    }

    static String label(int step, String name) {
        return String.format("[%d/6] %-12s ", step, name);
    }

    void tell(Entry<? extends Event> entry) {
        switch (entry.event()) {
            case BatchClosed event -> closed(event);
            case TrainingProgressed event -> progressed(event);
            case AdapterTrained event -> trained(event);
            case TrainingFailed event ->
                say(4, "Train", event.batch() + " FAILED at step " + event.step() + ": " + event.reason());
            case AdapterEvaluated event -> evaluated(event);
            case PromotionDecided event -> decided(event);
            case AdapterSwapped event -> swapped(event);
            case FeedbackRefused event ->
                say(3, "Feedback", entry.tenant() + " " + event.event() + " refused: " + event.detail());
            default -> {}
        }
    }

    void say(int step, String name, String text) {
        line.finish(label(step, name) + text);
    }

    private void closed(BatchClosed event) {
        say(
                3,
                "Feedback",
                event.batch() + " closed by " + lower(event.reason()) + ": "
                        + event.items().size() + " examples, about " + event.tokensEstimated() + " tokens, on top of "
                        + event.parent().map(ref -> ref.version().toString()).orElse("the base model"));
    }

    private void progressed(TrainingProgressed event) {
        double first = firstLoss.computeIfAbsent(event.batch(), unused -> event.lossNats());
        line.update(label(4, "Train")
                + String.format(
                        Locale.ROOT,
                        "%s %s step %d/%d  loss %.2f -> %.2f",
                        event.batch(),
                        Bar.of(event.step(), event.stepsTotal(), BAR),
                        event.step(),
                        event.stepsTotal(),
                        first,
                        event.lossNats()));
    }

    private void trained(AdapterTrained event) {
        say(
                4,
                "Train",
                String.format(
                        Locale.ROOT,
                        "%s trained: %d steps, %,d tokens, loss %.2f -> %.2f",
                        event.version(),
                        event.steps(),
                        event.tokens(),
                        event.lossNatsFirst(),
                        event.lossNatsLast()));
    }

    private void evaluated(AdapterEvaluated event) {
        String verdict = switch (event.verdict()) {
            case APPROVED -> terminal.good("PASS  ");
            case REJECTED -> terminal.bad("REJECT");
            case NEEDS_MORE_EVIDENCE -> terminal.strong("MORE? ");
        };
        String evidence = event.measurements().stream()
                .filter(measurement -> measurement.name().equals("holdout.improvement"))
                .map(Teller::measured)
                .findFirst()
                .orElse("");
        say(5, "Gate", event.version() + " " + verdict + " " + evidence);
        String reason = event.verdict() == Verdict.APPROVED ? "" : event.reason();
        if (!reason.isEmpty()) terminal.line("                   " + reason);
        List<GateResult> failed = event.gates().stream()
                .filter(gate -> gate.outcome() == GateResult.Outcome.FAILED)
                .filter(gate -> !reason.contains(gate.reason()))
                .toList();
        failed.forEach(gate -> terminal.line("                   " + gate.gate() + ": " + gate.reason()));
    }

    private static String measured(Measurement measurement) {
        return Version.words(measurement) + " " + measurement.unit() + ", " + Math.round(measurement.confidence() * 100)
                + " %, n=" + measurement.n();
    }

    private void decided(PromotionDecided event) {
        String before =
                event.championBefore().map(ref -> ref.version().toString()).orElse("the base model");
        String text = switch (event.outcome()) {
            case PROMOTED -> event.version() + " promoted over " + before;
            case HELD -> event.version() + " held, " + before + " keeps serving";
            case REFUSED -> event.version() + " refused, " + before + " keeps serving";
            case ROLLED_BACK -> event.version() + " rolled back: " + event.reason();
        };
        say(5, "Gate", text);
    }

    private void swapped(AdapterSwapped event) {
        say(
                6,
                "Hot swap",
                event.to().tenant() + ": "
                        + event.from().map(VersionId::toString).orElse("base model") + " -> "
                        + event.to() + " in " + event.swapMillis() + " ms, " + event.requestsDrained()
                        + " requests drained");
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
