package io.adaptermill.cli.client;

import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.lineage.LineageTopics;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.TrainingProgressed;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Everything that some tenants' versions were trained from.
///
/// @param erased batches that lost examples since, because a person asked to be forgotten
/// @param losses of each step, by version; steps older than a day are forgotten
public record TrainingLog(
        List<BatchClosed> batches,
        List<AdapterTrained> trained,
        Set<BatchId> erased,
        Map<VersionId, TreeMap<Integer, Double>> losses) {
    /// @throws io.adaptermill.cli.CommandFailure if the topics cannot be read in time
    public static TrainingLog read(String kafka, Set<TenantId> tenants, Duration timeout) {
        List<BatchClosed> batches = new ArrayList<>();
        List<AdapterTrained> trained = new ArrayList<>();
        Set<BatchId> erased = new HashSet<>();
        Map<VersionId, TreeMap<Integer, Double>> losses = new HashMap<>();
        TopicReader.Builder builder = TopicReader.named("adaptermill-rebuild")
                .on(Topics.BATCH_CLOSED, read -> of(tenants, read, batches::add))
                .onErased(Topics.BATCH_CLOSED, opened -> erased.add(LineageTopics.batch(opened)))
                .on(Topics.ADAPTER_TRAINED, read -> of(tenants, read, trained::add))
                .on(Topics.TRAINING_PROGRESSED, read -> of(tenants, read, event -> note(event, losses)));
        TopicsToEnd.read(builder, kafka, timeout);
        return new TrainingLog(batches, trained, erased, losses);
    }

    private static <E extends Event> void of(Set<TenantId> tenants, EventRead<E> read, Consumer<E> taker) {
        read.envelope()
                .filter(envelope -> tenants.contains(envelope.tenant()))
                .map(Envelope::event)
                .ifPresent(taker);
    }

    /// A worker that died in the middle told its first steps twice, alike.
    private static void note(TrainingProgressed event, Map<VersionId, TreeMap<Integer, Double>> losses) {
        losses.computeIfAbsent(VersionId.of(event.batch()), _ -> new TreeMap<>())
                .putIfAbsent(event.step(), event.lossNats());
    }
}
