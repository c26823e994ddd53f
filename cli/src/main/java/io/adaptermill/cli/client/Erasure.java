package io.adaptermill.cli.client;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.erasure.ErasureReceipt;
import io.adaptermill.cli.stack.KeyFile;
import io.adaptermill.cli.stack.Waiting;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.kafka.KeyFollower;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;

/// Looks, asks for the erasure, waits until it is done, and looks again with the eyes of a process that starts now.
///
/// The one event does it all: ingest forgets, the promoter falls back, and what others taught is learned again. Who
/// asks
/// only watches.
public final class Erasure {
    private static final String SOURCE = "/adaptermill/cli";
    private final String kafka;
    private final Duration timeout;
    private final Duration learnedAgainWithin;

    /// @param timeout for each part
    /// @param learnedAgainWithin how long to wait for what is learned again; it goes on without us
    public Erasure(String kafka, Duration timeout, Duration learnedAgainWithin) {
        this.kafka = kafka;
        this.timeout = timeout;
        this.learnedAgainWithin = learnedAgainWithin;
    }

    /// @throws CommandFailure if this deployment does not seal, or ingest or promoter do not answer in time; what was
    ///     asked for is done when they run again
    public ErasureReceipt erase(TenantId tenant, SubjectId subject, String requestedBy, String reason) {
        SealedTexts texts;
        Watched watched;
        try (KeyFollower keys = keys();
                ErasureWatch watch = new ErasureWatch(kafka, keys.records(), tenant)) {
            if (!watch.awaitCaughtUp(timeout)) throw unread();
            keys.catchUp();
            texts = SealedTexts.of(kafka, keys, tenant, subject, timeout);
            watched = watch(watch, keys, texts, tenant, new ErasureRequested(subject, requestedBy, reason));
        }
        int after;
        try (KeyFollower fresh = keys()) {
            fresh.catchUp();
            after = texts.readable(fresh.ring());
        }
        return new ErasureReceipt(
                tenant,
                subject,
                requestedBy,
                reason,
                watched.requestedAt(),
                texts.events(),
                texts.keys().size(),
                texts.count(),
                after,
                watched.answer().versions(),
                watched.servedBefore(),
                watched.servesNow(),
                watched.answer().again().stream()
                        .map(SubjectErased.Again::batch)
                        .toList(),
                watched.learnedAgain().map(PromotionDecided::ref),
                watched.learnedAgain().map(PromotionDecided::outcome),
                watched.cleanAfter(),
                watched.took());
    }

    /// What was seen of it.
    private record Watched(
            Instant requestedAt,
            SubjectErased answer,
            Optional<VersionId> servedBefore,
            Optional<VersionId> servesNow,
            Duration cleanAfter,
            Optional<PromotionDecided> learnedAgain,
            Duration took) {}

    private Watched watch(
            ErasureWatch watch, KeyFollower keys, SealedTexts texts, TenantId tenant, ErasureRequested request) {
        Optional<VersionId> servedBefore = watch.serving();
        Instant requestedAt = Instant.now();
        long start = System.nanoTime();
        EventId id = new EventId(tenant + "/erasure/" + requestedAt.toEpochMilli());
        send(new Envelope<>(tenant, id, SOURCE, requestedAt, request));
        SubjectErased answer = watch.awaitAnswer(id, timeout).orElseThrow(Erasure::unanswered);
        if (!watch.awaitClean(answer, timeout)) throw stillServing(watch.serving());
        Duration cleanAfter = Duration.ofNanos(System.nanoTime() - start);
        Optional<VersionId> servesNow = watch.serving();
        boolean isGone = Waiting.until(
                timeout,
                () -> texts.keys().stream()
                        .noneMatch(key -> keys.ring().key(tenant, key).isPresent()));
        if (!isGone) throw unanswered();
        Optional<PromotionDecided> learnedAgain = watch.awaitLearnedAgain(answer, learnedAgainWithin);
        return new Watched(
                requestedAt,
                answer,
                servedBefore,
                learnedAgain.isPresent() ? watch.serving() : servesNow,
                cleanAfter,
                learnedAgain,
                Duration.ofNanos(System.nanoTime() - start));
    }

    private KeyFollower keys() {
        return KeyFollower.start(kafka, KeyFile.SEAL.path())
                .orElseThrow(() -> new CommandFailure(
                        Exit.USAGE,
                        "What people said can be erased only where it is sealed, and " + KeyFile.SEAL.variable()
                                + " is not set.",
                        "start the services with " + KeyFile.SEAL.variable() + "=FILE (openssl rand -base64 32 > FILE),"
                                + " and this command with the same"));
    }

    private CommandFailure unread() {
        return new CommandFailure(
                Exit.TIMED_OUT,
                "The topics on Kafka at " + kafka + " could not be read within " + timeout.toSeconds() + " s.",
                "give it longer with --timeout");
    }

    private static CommandFailure unanswered() {
        return new CommandFailure(
                Exit.TIMED_OUT,
                "The request is written, and ingest has not destroyed the key in time.",
                "./adaptermill status; when ingest runs again it does what was asked");
    }

    private static CommandFailure stillServing(Optional<VersionId> version) {
        return new CommandFailure(
                Exit.TIMED_OUT,
                "The person's words are erased, and "
                        + version.map(VersionId::toString).orElse("the base model")
                        + ", which learned from them, still serves: the promoter did not fall back in time.",
                "./adaptermill status; when the promoter runs again it does what was asked");
    }

    private void send(Envelope<ErasureRequested> request) {
        try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(kafka, Map.of("max.block.ms", 15_000))) {
            producer.send(EventRecords.toRecord(Topics.ERASURE_REQUESTED, request))
                    .get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new CommandFailure(
                    Exit.UNREACHABLE, "Kafka at " + kafka + " did not take what was sent.", "./adaptermill status", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(Exit.FAILED, "Stopped before the end.", "run it again", e);
        }
    }
}
