package io.adaptermill.cli.client;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.lineage.Lineage;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionRequested;
import io.adaptermill.schemas.id.VersionId;
import java.time.Duration;
import java.util.Optional;

/// Asks the promoter to go back, one version after another, until what serves learned nothing from a person.
final class FallBack {
    private final String kafka;
    private final long seconds;

    FallBack(String kafka, Duration timeout) {
        this.kafka = kafka;
        this.seconds = timeout.toSeconds();
    }

    /// @return what serves then; absent for the bare base model
    /// @throws CommandFailure if the promoter does not answer, or will not
    Optional<VersionId> to(Lineage.OfSubject lineage, String by, String reason) {
        try (PromotionDesk desk = PromotionDesk.open(kafka, seconds).orElseThrow(this::unanswered)) {
            Optional<VersionId> serving = desk.champion(lineage.tenant());
            while (serving.filter(lineage.trained()::contains).isPresent()) {
                PromotionRequested back = new PromotionRequested(
                        PromotionRequested.Action.ROLL_BACK, Optional.empty(), serving, by, reason);
                PromotionAnswered answer =
                        desk.ask(lineage.tenant(), back, seconds).orElseThrow(this::unanswered);
                if (answer.outcome() != PromotionAnswered.Outcome.DONE) throw refused(answer);
                serving = answer.champion();
            }
            return serving;
        }
    }

    private CommandFailure unanswered() {
        return new CommandFailure(
                Exit.TIMED_OUT,
                "The promoter did not answer within " + seconds + " s; nothing is erased yet.",
                "./adaptermill status   then run it again");
    }

    private static CommandFailure refused(PromotionAnswered answer) {
        return new CommandFailure(
                Exit.GATE_SAID_NO,
                "The promoter does not go back: " + answer.reason() + "; nothing is erased yet.",
                "run it again; what serves may have changed meanwhile");
    }
}
