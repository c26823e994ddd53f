package io.adaptermill.ingest.defence;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.ingest.defence.FeedbackDefence.Candidate;
import io.adaptermill.schemas.event.QuarantineReason;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.policy.Compared;
import io.adaptermill.schemas.policy.DefencePolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedbackDefenceTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String SPAM = "Win cash now! Visit free-pills dot example and claim your prize, %s!";

    private final RecentFeedback recent = new RecentFeedback();
    private Pulse pulse = Pulse.FIRST;

    @Test
    void one_person_has_a_share_of_the_tenants_events() {
        // Given
        DefencePolicy policy = policy(8, 0.25, 100, 10_000);

        // When
        List<Optional<QuarantineReason>> reasons = new ArrayList<>();
        for (int i = 0; i < 3; i++) reasons.add(send("ann", unlike(i), i, policy));
        for (int i = 0; i < 7; i++) reasons.add(send("user-" + i, unlike(10 + i), 3 + i, policy));
        reasons.add(send("ann", unlike(20), 11, policy));

        // Then
        assertThat(reasons.get(2)).contains(QuarantineReason.SUBJECT_SHARE);
        reasons.remove(2);
        assertThat(reasons).as("others, and the person after them").containsOnly(Optional.empty());
    }

    /// However an attack is mixed into what others say.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void of_any_events_in_a_row_that_are_let_through_nobody_has_more_than_their_share(long seed) {
        // Given
        Random random = new Random(seed);
        DefencePolicy policy = policy(12, 0.25, 100, 10_000);
        List<String> through = new ArrayList<>();

        // When
        for (int i = 0; i < 400; i++) {
            String who = random.nextInt(3) > 0 ? "bot" : "user-" + random.nextInt(40);
            if (send(who, unlike(i), i * 10, policy).isEmpty()) through.add(who);
        }

        // Then
        for (int from = 0; from + 12 <= through.size(); from++) {
            assertThat(through.subList(from, from + 12))
                    .filteredOn("bot"::equals)
                    .hasSizeLessThanOrEqualTo(3);
        }
        assertThat(through).filteredOn("bot"::equals).as("and is still heard").hasSizeGreaterThan(20);
    }

    @Test
    void one_person_says_no_more_in_a_minute_than_people_do() {
        // Given
        DefencePolicy policy = policy(48, 1, 5, 10_000);

        // When
        List<Optional<QuarantineReason>> reasons = new ArrayList<>();
        for (int i = 0; i < 6; i++) reasons.add(send("ann", unlike(i), i, policy));
        reasons.add(send("bob", unlike(6), 6, policy));
        reasons.add(send("ann", unlike(7), 61, policy));

        // Then
        assertThat(reasons.get(5)).contains(QuarantineReason.SUBJECT_BURST);
        reasons.remove(5);
        assertThat(reasons).containsOnly(Optional.empty());
    }

    @Test
    void a_tenants_minute_is_full_and_empties_with_time() {
        // Given
        DefencePolicy policy = policy(48, 1, 100, 6);

        // When
        List<Optional<QuarantineReason>> reasons = new ArrayList<>();
        for (int i = 0; i < 7; i++) reasons.add(send("user-" + i, unlike(i), 0, policy));
        reasons.add(send("user-8", unlike(8), 10, policy));
        reasons.add(send("user-9", unlike(9), 10, policy));

        // Then
        assertThat(reasons.subList(0, 6)).containsOnly(Optional.empty());
        assertThat(reasons.get(6)).contains(QuarantineReason.TENANT_BURST);
        assertThat(reasons.get(7)).as("a sixth of the minute later").isEmpty();
        assertThat(reasons.get(8)).contains(QuarantineReason.TENANT_BURST);
    }

    /// Each from another person, worded a little differently, under another question.
    @Test
    void a_flood_of_near_copies_is_let_through_a_few_times() {
        // Given
        DefencePolicy policy = new DefencePolicy(48, 0.25, 20, 10_000, 256, 8, 0.7, 2, Compared.REPLY);

        // When
        List<Optional<QuarantineReason>> reasons = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            reasons.add(send("bot-" + i, demonstration("question " + i, SPAM.formatted("friend " + i)), i, policy));
        }

        // Then
        assertThat(reasons.subList(0, 8)).containsOnly(Optional.empty());
        assertThat(reasons.subList(8, 40)).containsOnly(Optional.of(QuarantineReason.NEAR_DUPLICATE));
    }

    @Test
    void the_same_exchange_again_and_again_is_a_flood_by_default() {
        // When
        List<Optional<QuarantineReason>> reasons = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            reasons.add(send("bot-" + i, demonstration("Who won" + "?".repeat(i), SPAM.formatted(i)), i, usual()));
        }

        // Then
        assertThat(reasons.subList(0, 8)).containsOnly(Optional.empty());
        assertThat(reasons.subList(8, 12)).containsOnly(Optional.of(QuarantineReason.NEAR_DUPLICATE));
    }

    @Test
    void copies_in_other_letters_are_copies() {
        // Given
        for (int i = 0; i < 8; i++) send("bot-" + i, demonstration("q" + i, SPAM.formatted("you")), i, disguisable());

        // When
        Optional<QuarantineReason> reason = send(
                "bot-9",
                demonstration("q9", SPAM.formatted("you").replace('a', '\u0430')),
                9,
                new DefencePolicy(48, 0.25, 20, 10_000, 256, 8, 0.7, 1_000, Compared.REPLY));

        // Then
        assertThat(reason).contains(QuarantineReason.NEAR_DUPLICATE);
    }

    @Test
    void short_replies_to_different_questions_are_no_copies() {
        // When
        List<Optional<QuarantineReason>> reasons = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            reasons.add(send("user-" + i, demonstration(unlike(i).response(), "Transfer money."), i, usual()));
        }

        // Then
        assertThat(reasons).containsOnly(Optional.empty());
    }

    @Test
    void many_may_rate_the_same_answer_of_ours() {
        // Given
        Feedback.Rating rating = new Feedback.Rating(
                Optional.of(new InferenceId("i-1")),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Thumb.UP),
                Optional.empty(),
                Optional.empty());
        Example example = new Example.Rating(Prompt.ofUser("How?"), SPAM, true);

        // When
        List<Optional<Suspicion>> suspicions = new ArrayList<>();
        for (int i = 0; i < 40; i++)
            suspicions.add(inspect(Candidate.of(rating, example, Compared.REPLY), START, usual()));

        // Then
        assertThat(suspicions).containsOnly(Optional.empty());
    }

    @Test
    void words_in_disguise_are_looked_at_by_people() {
        // When
        Optional<QuarantineReason> reason =
                send("bot", demonstration("How?", "Gеt frее саsh nоw, simply сliсk hеrе."), 0, usual());

        // Then
        assertThat(reason).contains(QuarantineReason.DISGUISED);
    }

    @Test
    void a_tenant_that_wants_no_defence_has_none() {
        // When
        List<Optional<QuarantineReason>> reasons = new ArrayList<>();
        for (int i = 0; i < 40; i++) reasons.add(send("bot", demonstration("q", SPAM), 0, DefencePolicy.NONE));

        // Then
        assertThat(reasons).containsOnly(Optional.empty());
    }

    private Optional<QuarantineReason> send(String who, Feedback.Demonstration said, int second, DefencePolicy policy) {
        Feedback.Demonstration theirs =
                new Feedback.Demonstration(said.prompt(), said.response(), Optional.of(new SubjectId(who)));
        Example example = new Example.Demonstration(said.prompt(), said.response());
        return inspect(Candidate.of(theirs, example, policy.compared()), START.plusSeconds(second), policy)
                .map(Suspicion::reason);
    }

    private Optional<Suspicion> inspect(Candidate candidate, Instant now, DefencePolicy policy) {
        Optional<Suspicion> suspicion = FeedbackDefence.suspect(candidate, recent, pulse, policy, now);
        if (suspicion.isEmpty()) {
            recent.add(FeedbackDefence.passed(candidate, pulse, now));
            pulse = pulse.after(now, policy.tenantPerMinuteMax()).orElseThrow();
            recent.forgetOld(policy);
        }
        return suspicion;
    }

    private static DefencePolicy disguisable() {
        return new DefencePolicy(48, 0.25, 20, 10_000, 256, 8, 0.7, 1_000, Compared.REPLY);
    }

    private static DefencePolicy usual() {
        return DefencePolicy.DEFAULT;
    }

    private static DefencePolicy policy(int window, double share, int perMinute, int tenantPerMinute) {
        return new DefencePolicy(window, share, perMinute, tenantPerMinute, 256, 8, 0.7, 2, Compared.EXCHANGE);
    }

    private static Feedback.Demonstration demonstration(String prompt, String response) {
        return new Feedback.Demonstration(Prompt.ofUser(prompt), response, Optional.empty());
    }

    /// Like no other number's.
    private static Feedback.Demonstration unlike(int number) {
        Random random = new Random(number);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            text.append(i % 6 == 5 ? ' ' : (char) ('a' + random.nextInt(26)));
        }
        return demonstration("asked " + number, text.toString());
    }
}
