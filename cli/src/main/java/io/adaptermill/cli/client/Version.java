package io.adaptermill.cli.client;

import io.adaptermill.cli.promises.Entry;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.Measurement;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// All that the topics say about one adapter version.
///
/// @param serving whether it answers now
public record Version(
        VersionId version,
        Optional<BatchClosed> batch,
        AdapterTrained trained,
        Optional<AdapterEvaluated> evaluated,
        Optional<PromotionDecided> decided,
        boolean serving) {
    public static List<Version> all(Journey journey) {
        return journey.trained().stream()
                .map(entry -> of(journey, entry.event()))
                .sorted(java.util.Comparator.comparing(
                                (Version v) -> v.version().tenant().value())
                        .thenComparing(v -> v.version().number()))
                .toList();
    }

    private static Version of(Journey journey, AdapterTrained trained) {
        VersionId version = trained.version();
        boolean serving = last(
                        journey.serving(),
                        event -> event.champion().version().tenant().equals(version.tenant()))
                .filter(event -> event.champion().equals(trained.ref()))
                .isPresent();
        return new Version(
                version,
                last(journey.batches(), event -> event.batch().equals(trained.batch())),
                trained,
                last(journey.evaluated(), event -> event.version().equals(version)),
                last(journey.decided(), event -> event.version().equals(version)),
                serving);
    }

    private static <E extends Event> Optional<E> last(List<Entry<E>> entries, Predicate<E> wanted) {
        return entries.reversed().stream().map(Entry::event).filter(wanted).findFirst();
    }

    public String state() {
        if (serving) return "serving";
        return decided.map(event -> event.outcome().name().toLowerCase(Locale.ROOT))
                .orElse(evaluated.isPresent() ? "evaluated" : "trained");
    }

    public int examples() {
        return batch.map(event -> event.items().size()).orElse(0);
    }

    public String loss() {
        return String.format(Locale.ROOT, "%.2f -> %.2f", trained.lossNatsFirst(), trained.lossNatsLast());
    }

    public String verdict() {
        return evaluated
                .map(event -> event.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .orElse("-");
    }

    /// What the tenant's own hold-out says.
    public Optional<Measurement> holdout() {
        return evaluated.flatMap(event -> event.measurements().stream()
                .filter(measurement -> measurement.name().equals("holdout.improvement"))
                .findFirst());
    }

    public String improvement() {
        return holdout().map(Version::words).orElse("-");
    }

    public String n() {
        return holdout().map(measurement -> "" + measurement.n()).orElse("-");
    }

    public static String words(Measurement measurement) {
        return String.format(
                Locale.ROOT, "%+.3f [%.3f, %.3f]", measurement.mean(), measurement.lower(), measurement.upper());
    }
}
