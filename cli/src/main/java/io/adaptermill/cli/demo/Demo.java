package io.adaptermill.cli.demo;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.Journey;
import io.adaptermill.cli.client.ServingClient;
import io.adaptermill.cli.client.ServingClient.Question;
import io.adaptermill.cli.client.ServingClient.Reply;
import io.adaptermill.cli.client.Tenants;
import io.adaptermill.cli.promises.Acknowledged;
import io.adaptermill.cli.promises.Entry;
import io.adaptermill.cli.promises.Evidence;
import io.adaptermill.cli.stack.LocalStack;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.cli.stack.Waiting;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.event.TrainingProgressed;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The journey on a stack that runs: register, ask, send, watch, break, ask again.
///
/// Runs once, on one thread.
public final class Demo implements AutoCloseable {
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(12);
    private static final int CLIENTS = 3;
    private static final int ANSWER_TOKENS = 48;
    private final LocalStack stack;
    private final List<DemoTenant> tenants;
    private final Terminal terminal;
    private final Teller teller;
    private final TrainerCrash crash;
    private final BlockingQueue<Entry<?>> events = new LinkedBlockingQueue<>();
    private final Journey journey;
    private final ClientLog log;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final List<DemoTenant> unsent;
    private Optional<Duration> outage = Optional.empty();

    public Demo(LocalStack stack, List<DemoTenant> tenants, Terminal terminal) {
        this.stack = stack;
        this.tenants = tenants;
        this.terminal = terminal;
        this.unsent = new ArrayList<>(
                tenants.stream().filter(tenant -> !tenant.later().isEmpty()).toList());
        this.teller = new Teller(terminal);
        this.crash = new TrainerCrash(stack);
        this.journey = Journey.follow(stack.config().kafka(), events::add);
        this.log = new ClientLog(stack.config().folder().resolve("client-log.jsonl"));
    }

    /// Makes the tenants known to all services.
    public void register() {
        Map<TenantId, TenantPolicy> policies = new LinkedHashMap<>();
        tenants.forEach(tenant -> policies.put(tenant.tenant(), tenant.policy()));
        Tenants.publish(stack.config().kafka(), policies);
        // Serving reads of them a moment later, and would take their first request for a stranger's.
        Waiting.until(KNOWN_WITHIN, this::known);
    }

    /// Whether serving knows the tenants already; asking is not noted.
    private boolean known() {
        try (ServingClient client = new ServingClient(stack.config().url(Service.SERVING))) {
            return tenants.stream()
                    .noneMatch(tenant ->
                            client.ask(question(tenant, "Hello", 1)).answer().failed());
        }
    }

    /// Asks each tenant's model its questions.
    public List<String> answers() {
        List<String> answers = new ArrayList<>();
        try (ServingClient client = new ServingClient(stack.config().url(Service.SERVING))) {
            for (DemoTenant tenant : tenants) {
                for (String question : tenant.questions()) answers.add(ask(client, tenant, question));
            }
        }
        return answers;
    }

    private String ask(ServingClient client, DemoTenant tenant, String question) {
        Reply reply = client.ask(question(tenant, question, ANSWER_TOKENS));
        log.add(reply.answer());
        if (reply.answer().failed()) {
            throw new CommandFailure(
                    Exit.FAILED,
                    "Serving gave no answer for " + tenant.tenant() + ": "
                            + reply.answer()
                                    .error()
                                    .orElse("status " + reply.answer().status()),
                    "read " + stack.config().log(Service.SERVING));
        }
        return reply.text();
    }

    private static Question question(DemoTenant tenant, String text, int tokensMax) {
        return new Question(
                tenant.tenant(),
                tenant.tenant().value(),
                tenant.apiKey(),
                List.of(new Message(Message.Role.USER, text)),
                tokensMax);
    }

    /// Sends all feedback over HTTP.
    public void send() {
        int total =
                tenants.stream().mapToInt(tenant -> tenant.feedback().size()).sum();
        feedback().send(tenants, total, acknowledged);
    }

    /// Watches until nothing is under way, with clients asking all the time; kills the trainer once.
    public void watch() {
        try (LoadGenerator load = new LoadGenerator(stack.config().url(Service.SERVING), log, tenants)) {
            load.start(CLIENTS);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!unsent.isEmpty() || !Progress.settled(evidence(), acknowledged.size())) {
                next().ifPresent(this::on);
                requireHealth(deadline);
            }
            drain();
        }
    }

    private Optional<Entry<?>> next() {
        try {
            return Optional.ofNullable(events.poll(500, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(Exit.FAILED, "Interrupted.", "run it again", e);
        }
    }

    /// What came while the last decision was made.
    private void drain() {
        List<Entry<?>> rest = new ArrayList<>();
        events.drainTo(rest);
        rest.forEach(teller::tell);
    }

    private void on(Entry<?> entry) {
        teller.tell(entry);
        if (entry.event() instanceof TrainingProgressed progress) progressed(progress, entry.time());
        if (entry.event() instanceof PromotionDecided) {
            tenants.stream()
                    .filter(tenant -> tenant.tenant().equals(entry.tenant()) && unsent.remove(tenant))
                    .forEach(this::sendLater);
        }
    }

    private void sendLater(DemoTenant tenant) {
        teller.say(3, "Feedback", tenant.tenant() + ": " + tenant.later().size() + " more events come in");
        feedback().send(tenant, tenant.later(), acknowledged, () -> {});
    }

    private FeedbackRound feedback() {
        return new FeedbackRound(stack.config().url(Service.INGEST), terminal);
    }

    private void progressed(TrainingProgressed step, Instant time) {
        if (outage.isEmpty()) crash.outage(time).ifPresent(took -> back(step, took));
        crash.after(step)
                .ifPresent(killed -> teller.say(
                        4,
                        "Train",
                        "trainer killed with -9 in the middle of " + killed.batch() + ", after step " + killed.step()
                                + "/" + killed.stepsTotal() + "; started again"));
    }

    private void back(TrainingProgressed step, Duration took) {
        outage = Optional.of(took);
        teller.say(
                4,
                "Train",
                "the trainer is back after " + took.toSeconds() + " s and trains " + step.batch() + " again");
    }

    private void requireHealth(long deadline) {
        for (Service service : Service.values()) stack.requireAlive(service);
        journey.failure().ifPresent(failure -> {
            throw new CommandFailure(
                    Exit.FAILED, "The topics cannot be read: " + failure, "read the broker's log", failure);
        });
        if (System.nanoTime() > deadline) {
            throw new CommandFailure(
                    Exit.TIMED_OUT,
                    "The journey did not end within " + PATIENCE.toMinutes() + " minutes: "
                            + Progress.waitingFor(evidence(), acknowledged.size()) + ".",
                    "read the logs in " + stack.config().folder().resolve("logs"));
        }
    }

    public Evidence evidence() {
        return journey.evidence(acknowledged, log.answers());
    }

    public Journey journey() {
        return journey;
    }

    Optional<TrainerCrash.Killed> killed() {
        return crash.killed();
    }

    Optional<Duration> outage() {
        return outage;
    }

    List<DemoTenant> tenants() {
        return tenants;
    }

    @Override
    public void close() {
        journey.close();
        log.close();
    }
}
