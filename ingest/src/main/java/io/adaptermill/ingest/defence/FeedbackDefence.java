package io.adaptermill.ingest.defence;

import io.adaptermill.schemas.event.QuarantineReason;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.policy.Compared;
import io.adaptermill.schemas.policy.DefencePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Decides what may train only after somebody has looked at it. A suspicion is no proof: nothing is thrown away.
///
/// Limits hold for what was let through. So of any `subjectWindow` events in a row that are let through, one person
/// has at most their share, and of any `similarWindow` at most `similarMax` say nearly the same, however many come.
public final class FeedbackDefence {
    /// From here on two like replies are no coincidence, whatever was asked; shorter ones count with their question.
    private static final int REPLY_CHARACTERS_MIN = 40;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private FeedbackDefence() {}

    /// What one event brings.
    ///
    /// @param sketch absent if it only judges an answer of ours
    /// @param disguises words that only look like what they seem to say
    public record Candidate(Optional<SubjectId> subject, Optional<TextSketch> sketch, int disguises) {
        /// @param example as it would train
        public static Candidate of(Feedback feedback, Example example, Compared compared) {
            String reply = wanted(example);
            boolean judgesOurs = feedback instanceof Feedback.Rating rating
                    && rating.inferenceId().isPresent();
            return judgesOurs
                    ? new Candidate(feedback.subject(), Optional.empty(), 0)
                    : new Candidate(
                            feedback.subject(),
                            Optional.of(TextSketch.of(text(asked(example), reply, compared))),
                            PlainText.disguises(asked(example) + " " + reply));
        }
    }

    private static String text(String asked, String reply, Compared compared) {
        boolean replyOnly = compared == Compared.REPLY && PlainText.of(reply).length() >= REPLY_CHARACTERS_MIN;
        return replyOnly ? reply : asked + " " + reply;
    }

    private static String asked(Example example) {
        return example.prompt().messages().stream()
                .filter(message -> message.role() == Message.Role.USER)
                .map(Message::content)
                .collect(Collectors.joining(" "));
    }

    /// What it says that answers should be like; or not be like, if that is all it says.
    private static String wanted(Example example) {
        return switch (example) {
            case Example.Demonstration e -> e.response();
            case Example.Edit e -> e.edited();
            case Example.Preference e -> e.chosen();
            case Example.Rating e -> e.response();
        };
    }

    /// @return absent if it is let through
    public static Optional<Suspicion> suspect(
            Candidate candidate, RecentFeedback recent, Pulse pulse, DefencePolicy policy, Instant now) {
        return disguised(candidate, policy)
                .or(() -> tenantBurst(pulse, policy, now))
                .or(() -> candidate.subject().flatMap(subject -> subject(subject, recent, policy, now)))
                .or(() -> candidate.sketch().flatMap(sketch -> copies(sketch, recent, policy)));
    }

    /// What is remembered once it is let through.
    public static Passed passed(Candidate candidate, Pulse pulse, Instant now) {
        return new Passed(pulse.next(), candidate.subject(), candidate.sketch(), now);
    }

    private static Optional<Suspicion> disguised(Candidate candidate, DefencePolicy policy) {
        return suspicion(
                candidate.disguises() > policy.disguisesMax(),
                QuarantineReason.DISGUISED,
                candidate.disguises() + " words mix letters that look alike, at most " + policy.disguisesMax()
                        + " may");
    }

    private static Optional<Suspicion> tenantBurst(Pulse pulse, DefencePolicy policy, Instant now) {
        return suspicion(
                pulse.after(now, policy.tenantPerMinuteMax()).isEmpty(),
                QuarantineReason.TENANT_BURST,
                "more than " + policy.tenantPerMinuteMax() + " events of the tenant came within a minute");
    }

    private static Optional<Suspicion> subject(
            SubjectId subject, RecentFeedback recent, DefencePolicy policy, Instant now) {
        int share = Math.max(1, (int) (policy.subjectShareMax() * policy.subjectWindow()));
        return suspicion(
                        recent.ofSince(subject, now.minus(MINUTE)) >= policy.subjectPerMinuteMax(),
                        QuarantineReason.SUBJECT_BURST,
                        policy.subjectPerMinuteMax() + " events of this person came within a minute already")
                .or(() -> suspicion(
                        recent.of(subject, policy.subjectWindow() - 1) >= share,
                        QuarantineReason.SUBJECT_SHARE,
                        String.format(
                                Locale.ROOT,
                                "%d of the tenant's last %d events are this person's already",
                                share,
                                policy.subjectWindow())));
    }

    private static Optional<Suspicion> copies(TextSketch sketch, RecentFeedback recent, DefencePolicy policy) {
        int copies = recent.like(sketch, policy.similarity(), policy.similarWindow() - 1);
        return suspicion(
                copies >= policy.similarMax(),
                QuarantineReason.NEAR_DUPLICATE,
                copies + " of the tenant's last " + policy.similarWindow() + " events say nearly the same");
    }

    private static Optional<Suspicion> suspicion(boolean isRaised, QuarantineReason reason, String detail) {
        return isRaised ? Optional.of(new Suspicion(reason, detail)) : Optional.empty();
    }
}
