package io.adaptermill.cli.drill;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.IngestClient;
import io.adaptermill.cli.client.Journey;
import io.adaptermill.cli.client.PromotionDesk;
import io.adaptermill.cli.client.Tenants;
import io.adaptermill.cli.promises.Entry;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.cli.stack.StackConfig;
import io.adaptermill.cli.stack.Waiting;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.PromotionRequested;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.TenantId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

/// Lets a ruined version and a harmless one serve by a person's word, and watches what users' ratings do about it.
///
/// Nothing here is pretended: feedback is trained on, gates that ask for nothing approve, a person lets the versions
/// serve, and a user asks questions and rates the answers over HTTP. Needs a stack of its own, all of whose services
/// run.
public final class RollbackDrill implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration MOVE_MAX = Duration.ofMillis(1_200);
    private static final Duration PAUSE = Duration.ofMillis(3);
    private static final long SECONDS_MAX = 30;
    /// It unlearns to speak.
    private static final double RUINOUS = 0.05;
    /// It changes no answer.
    private static final double HARMLESS = 1e-8;

    private final StackConfig config;
    private final Plan plan;
    private final Consumer<String> story;
    private final List<DrillTenant> tenants =
            List.of(DrillTenant.of("drill-worse", RUINOUS), DrillTenant.of("drill-alike", HARMLESS));
    private final Journey journey;

    /// @param ratingsBefore that the base model gets before a version serves
    /// @param ratingsMax that a version gets at most
    /// @param seed of the order of questions
    public record Plan(int ratingsBefore, int ratingsMax, long seed) {}

    /// @param story told what happens, line by line
    public RollbackDrill(StackConfig config, Plan plan, Consumer<String> story) {
        this.config = config;
        this.plan = plan;
        this.story = story;
        this.journey = Journey.follow(config.kafka(), _ -> {});
    }

    /// @return the ruined version's figures, then the harmless one's
    public List<RollbackFigures> run() {
        publish(true);
        story.accept("two tenants whose gates ask for nothing; their feedback is trained on");
        for (DrillTenant tenant : tenants) {
            try (IngestClient ingest = new IngestClient(config.url(Service.INGEST), tenant.apiKey())) {
                await("ingest knows " + tenant.tenant(), () -> knows(ingest, tenant));
            }
        }
        await("both batches are closed", () -> has(Journey::batches));
        // What is rated from now on shall not be trained on as well.
        publish(false);
        await("both versions wait for a person", () -> has(Journey::decided));
        List<RollbackFigures> figures = new ArrayList<>();
        for (DrillTenant tenant : tenants) figures.add(rated(tenant));
        return figures;
    }

    private void publish(boolean learning) {
        Map<TenantId, TenantPolicy> policies = new LinkedHashMap<>();
        tenants.forEach(tenant -> policies.put(tenant.tenant(), tenant.policy(learning)));
        Tenants.publish(config.kafka(), policies);
    }

    private static boolean knows(IngestClient ingest, DrillTenant tenant) {
        try {
            ingest.send(tenant.teaching());
            return true;
        } catch (CommandFailure stranger) {
            return false;
        }
    }

    private <E extends Event> boolean has(Function<Journey, List<Entry<E>>> events) {
        return tenants.stream()
                .allMatch(tenant -> events.apply(journey).stream()
                        .anyMatch(entry -> entry.tenant().equals(tenant.tenant())));
    }

    private RollbackFigures rated(DrillTenant tenant) {
        URI serving = config.url(Service.SERVING);
        try (QuizUser user =
                new QuizUser(tenant.tenant(), tenant.apiKey(), serving, config.url(Service.INGEST), plan.seed())) {
            int goodBefore = 0;
            for (int i = 0; i < plan.ratingsBefore(); i++) {
                if (user.askAndRate().good()) goodBefore++;
            }
            story.accept(tenant.tenant() + ": the base model serves, " + goodBefore + " of " + plan.ratingsBefore()
                    + " answers rated good; a person lets " + tenant.version() + " serve");
            approve(tenant);
            await(
                    tenant.version() + " serves",
                    () -> answers(user, tenant.version().toString()));
            return rated(tenant, user, goodBefore);
        }
    }

    private RollbackFigures rated(DrillTenant tenant, QuizUser user, int goodBefore) {
        int good = 0;
        for (int count = 1; count <= plan.ratingsMax(); count++) {
            QuizUser.Rated rated = user.askAndRate();
            if (rated.good()) good++;
            Optional<Instant> moved = movedToBase(user);
            if (moved.isPresent()) return rolledBack(tenant, goodBefore, count, good, rated.sent(), moved.get());
        }
        return RollbackFigures.kept(tenant.tenant().value(), plan.ratingsBefore(), goodBefore, plan.ratingsMax(), good);
    }

    /// Looks as long as a move may take, so that no later rating can be the deciding one.
    private static Optional<Instant> movedToBase(QuizUser user) {
        long deadline = System.nanoTime() + MOVE_MAX.toNanos();
        while (System.nanoTime() < deadline) {
            if (answers(user, "base")) return Optional.of(Instant.now());
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return Optional.empty();
    }

    private RollbackFigures rolledBack(
            DrillTenant tenant, int goodBefore, int ratings, int good, Instant sent, Instant moved) {
        await("the decision is read", () -> rollBack(tenant).isPresent());
        Entry<PromotionDecided> decision = rollBack(tenant).orElseThrow();
        return new RollbackFigures(
                tenant.tenant().value(),
                plan.ratingsBefore(),
                goodBefore,
                ratings,
                good,
                true,
                Duration.between(sent, decision.time()).toMillis(),
                Duration.between(decision.time(), moved).toMillis(),
                decision.event().reason());
    }

    private Optional<Entry<PromotionDecided>> rollBack(DrillTenant tenant) {
        return journey.decided().stream()
                .filter(entry -> entry.tenant().equals(tenant.tenant())
                        && entry.event().outcome() == PromotionOutcome.ROLLED_BACK
                        && entry.event().by().equals(Optional.of(PromotionDecided.LIVE_RATINGS)))
                .findFirst();
    }

    private static boolean answers(QuizUser user, String version) {
        return user.answeredBy().equals(Optional.of(version));
    }

    private void approve(DrillTenant tenant) {
        PromotionRequested request = new PromotionRequested(
                PromotionRequested.Action.APPROVE,
                Optional.of(tenant.version()),
                Optional.empty(),
                "drill",
                "forced live to see it taken back");
        try (PromotionDesk desk =
                PromotionDesk.open(config.kafka(), SECONDS_MAX).orElseThrow(this::unread)) {
            PromotionAnswered answer =
                    desk.ask(tenant.tenant(), request, SECONDS_MAX).orElseThrow(this::unread);
            if (answer.outcome() != PromotionAnswered.Outcome.DONE) {
                throw new CommandFailure(Exit.FAILED, answer.reason() + ".", "read the promoter's log");
            }
        }
    }

    private CommandFailure unread() {
        return new CommandFailure(Exit.TIMED_OUT, "The promoter did not answer.", "read the promoter's log");
    }

    private void await(String what, java.util.function.BooleanSupplier condition) {
        if (!Waiting.until(PATIENCE, condition)) {
            throw new CommandFailure(
                    Exit.TIMED_OUT,
                    "It took more than " + PATIENCE.toMinutes() + " minutes until " + what + ".",
                    "read the logs in " + config.folder().resolve("logs"));
        }
    }

    @Override
    public void close() {
        journey.close();
    }
}
