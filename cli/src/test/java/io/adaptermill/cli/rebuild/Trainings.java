package io.adaptermill.cli.rebuild;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactStore;
import io.adaptermill.artifacts.Provenance;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Versions as a trainer makes them, on a model of 40,000 weights: each of a tenant's goes on from the one
/// before.
public final class Trainings {
    private static final Recipe RECIPE = new Recipe(4, 8, 1e-2, 2, 2, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);
    public final List<BatchClosed> batches = new ArrayList<>();
    public final List<AdapterTrained> trained = new ArrayList<>();
    public final Map<VersionId, TreeMap<Integer, Double>> losses = new HashMap<>();
    private final Engine engine;
    private final ArtifactStore store;

    public Trainings(Engine engine, ArtifactStore store) {
        this.engine = engine;
        this.store = store;
    }

    /// The model that lora's own tests read.
    public static Path tinyModel() {
        return Path.of("..", "lora", "src", "test", "resources", "golden", "tiny-q4_1.gguf");
    }

    public void train(String tenant, int versions) {
        Optional<AdapterRef> parent = Optional.empty();
        for (int number = 1; number <= versions; number++) parent = Optional.of(train(batch(tenant, number, parent)));
    }

    AdapterRef train(BatchClosed batch) {
        Optional<Adapter> parent =
                batch.parent().map(AdapterRef::artifact).map(store::get).map(AdapterArtifact::adapter);
        TreeMap<Integer, Double> steps = new TreeMap<>();
        Engine.Trained.Done done =
                (Engine.Trained.Done) engine.train(parent, batch, store, (step, total, loss) -> steps.put(step, loss));
        Digest artifact = store.put(new AdapterArtifact(done.adapter(), Provenance.of(batch, engine.base())));
        AdapterTrained event = new AdapterTrained(
                VersionId.of(batch.batch()),
                artifact,
                batch.batch(),
                batch.parent(),
                engine.base(),
                steps.size(),
                100,
                steps.firstEntry().getValue(),
                steps.lastEntry().getValue(),
                0);
        batches.add(batch);
        trained.add(event);
        losses.put(event.version(), steps);
        return event.ref();
    }

    public static BatchClosed batch(String tenant, int number, Optional<AdapterRef> parent) {
        BatchId batch = new BatchId(new TenantId(tenant), number);
        Prompt prompt = Prompt.ofUser("a question of " + tenant + " " + number);
        List<BatchItem> items = List.of(
                item(batch, 1, new Example.Demonstration(prompt, "an answer " + number)),
                item(batch, 2, new Example.Edit(prompt, "no", "a better answer")),
                item(batch, 3, new Example.Preference(prompt, "good", "bad")),
                item(batch, 4, new Example.Rating(prompt, "rated " + number, number % 2 == 0)));
        return new BatchClosed(batch, CloseReason.COUNT, parent, RECIPE, 7L * number, 0, 99, items);
    }

    /// The n-th example of every batch is from `user-n`.
    private static BatchItem item(BatchId batch, int number, Example example) {
        Optional<SubjectId> subject = Optional.of(new SubjectId("user-" + number));
        return new BatchItem(new EventId(batch + "-e" + number), subject, example);
    }
}
