package io.adaptermill.cli.openlineage;

import io.adaptermill.cli.openlineage.RunEvent.Dataset;
import io.adaptermill.cli.openlineage.RunEvent.Job;
import io.adaptermill.cli.openlineage.RunEvent.Run;
import io.adaptermill.cli.openlineage.RunEvent.Type;
import io.adaptermill.cli.promises.Entry;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Each training, evaluation and promotion as a run between datasets: topics, and each tenant's adapter by
/// version.
///
/// A run's id derives from what it is about, so an export repeated later names the same runs.
public final class OpenLineage {
    private static final String NAMESPACE = "adaptermill";
    private final String kafka;

    private OpenLineage(String kafka) {
        this.kafka = kafka;
    }

    /// @param kafka bootstrap servers; the first names the topics' namespace, as OpenLineage wants it
    /// @return in the order in which they happened
    public static List<RunEvent> runs(
            String kafka,
            List<Entry<BatchClosed>> batches,
            List<Entry<AdapterTrained>> trained,
            List<Entry<TrainingFailed>> failed,
            List<Entry<AdapterEvaluated>> evaluated,
            List<Entry<PromotionDecided>> decided) {
        OpenLineage runs = new OpenLineage(kafka);
        return Stream.of(
                        batches.stream().map(entry -> runs.started(entry.time(), entry.event())),
                        trained.stream().map(entry -> runs.trained(entry.time(), entry.event())),
                        failed.stream().map(entry -> runs.failed(entry.time(), entry.event())),
                        evaluated.stream().flatMap(entry -> runs.evaluated(entry.time(), entry.event())),
                        decided.stream().flatMap(entry -> runs.decided(entry.time(), entry.event())))
                .flatMap(each -> each)
                .sorted(Comparator.comparing(RunEvent::eventTime))
                .toList();
    }

    private RunEvent started(Instant time, BatchClosed batch) {
        Facet events = new Facet.Batch(
                batch.batch(),
                batch.seed(),
                batch.items().stream().map(BatchItem::event).toList());
        return RunEvent.of(
                time,
                Type.START,
                new Run(runId(batch.batch(), "train"), Map.of("adaptermill_batch", events)),
                job(batch.batch().tenant(), "train"),
                sources(batch.batch(), batch.parent()),
                List.of());
    }

    private RunEvent trained(Instant time, AdapterTrained event) {
        return RunEvent.of(
                time,
                Type.COMPLETE,
                new Run(runId(event.batch(), "train"), Map.of()),
                job(event.batch().tenant(), "train"),
                sources(event.batch(), event.parent()),
                List.of(adapter(event.ref())));
    }

    private RunEvent failed(Instant time, TrainingFailed event) {
        return RunEvent.of(
                time,
                Type.FAIL,
                new Run(
                        runId(event.batch(), "train"),
                        Map.of("errorMessage", new Facet.ErrorMessage(event.reason(), "JAVA"))),
                job(event.batch().tenant(), "train"),
                sources(event.batch(), Optional.empty()),
                List.of());
    }

    private Stream<RunEvent> evaluated(Instant time, AdapterEvaluated event) {
        Facet verdict = new Facet.Verdict(event.version(), word(event.verdict()), event.reason());
        List<Dataset> inputs = Stream.concat(
                        Stream.of(adapter(event.ref()), topic(Topics.HOLDOUT_ASSIGNED, Map.of())),
                        event.champion().map(OpenLineage::adapter).stream())
                .toList();
        return whole(time, event.ref(), "evaluate", verdict, inputs, List.of());
    }

    private Stream<RunEvent> decided(Instant time, PromotionDecided event) {
        Facet verdict = new Facet.Verdict(event.version(), word(event.outcome()), event.reason());
        List<Dataset> inputs = List.of(adapter(event.ref()), topic(Topics.ADAPTER_EVALUATED, Map.of()));
        List<Dataset> outputs = List.of(topic(Topics.SERVING_ADAPTERS, Map.of()));
        return whole(time, event.ref(), "promote", verdict, inputs, outputs);
    }

    /// The log knows only how they ended; the standard wants a start, too.
    private static Stream<RunEvent> whole(
            Instant time, AdapterRef ref, String what, Facet verdict, List<Dataset> inputs, List<Dataset> outputs) {
        Run run = new Run(runId(ref.version(), what), Map.of("adaptermill_verdict", verdict));
        Job job = job(ref.version().tenant(), what);
        return Stream.of(Type.START, Type.COMPLETE).map(type -> RunEvent.of(time, type, run, job, inputs, outputs));
    }

    private List<Dataset> sources(BatchId batch, Optional<AdapterRef> parent) {
        Facet version = new Facet.DatasetVersion(batch.toString());
        return Stream.concat(
                        Stream.of(topic(Topics.BATCH_CLOSED, Map.of("version", version))),
                        parent.map(OpenLineage::adapter).stream())
                .toList();
    }

    private Dataset topic(Topic<?> topic, Map<String, Facet> facets) {
        return new Dataset("kafka://" + kafka.split(",", 2)[0], topic.name(), facets);
    }

    private static Dataset adapter(AdapterRef ref) {
        return new Dataset(
                NAMESPACE,
                ref.version().tenant() + "/adapter",
                Map.of(
                        "version", new Facet.DatasetVersion(ref.version().toString()),
                        "adaptermill_artifact", new Facet.Artifact(ref.artifact())));
    }

    private static Job job(TenantId tenant, String what) {
        return new Job(
                NAMESPACE,
                tenant + "." + what,
                Map.of("jobType", new Facet.JobType("BATCH", "ADAPTERMILL", what.toUpperCase(Locale.ROOT))));
    }

    private static UUID runId(Object thing, String what) {
        return UUID.nameUUIDFromBytes((NAMESPACE + "/" + thing + "/" + what).getBytes(StandardCharsets.UTF_8));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
