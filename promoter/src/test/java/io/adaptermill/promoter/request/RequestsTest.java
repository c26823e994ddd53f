package io.adaptermill.promoter.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.promoter.Evaluations;
import io.adaptermill.promoter.live.ServingLine;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionAnswered.Mode;
import io.adaptermill.schemas.event.PromotionRequested;
import io.adaptermill.schemas.event.PromotionRequested.Action;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RequestsTest {
    private static final Digest BASE = Digest.of(new byte[] {1});
    private static final ServingLine LINE =
            ServingLine.NEW.promoted(version(1), BASE, 0.05).promoted(version(2), BASE, 0.05);
    private static final WaitingCandidate THIRD = new WaitingCandidate(version(3), BASE, 0.05, "better");
    private static final TenantControl CONTROL = new TenantControl(Mode.PAUSED, List.of(THIRD), Optional.empty());

    @ParameterizedTest
    @EnumSource
    void whatever_is_asked_against_another_champion_is_a_conflict(Action action) {
        // Given
        PromotionRequested stale = request(action, Optional.of(3L), Optional.of(1L));

        // When / Then
        assertThat(Requests.decide(LINE, CONTROL, stale))
                .isEqualTo(new RequestDecision.Conflict("acme@2 serves, not acme@1: look again, then ask again"));
    }

    @Test
    void a_waiting_candidate_is_approved_or_rejected() {
        // When / Then
        assertThat(decide(Action.APPROVE, Optional.of(3L))).isEqualTo(new RequestDecision.Approve(THIRD));
        assertThat(decide(Action.REJECT, Optional.of(3L))).isEqualTo(new RequestDecision.Reject(THIRD));
    }

    @ParameterizedTest
    @EnumSource(names = {"APPROVE", "REJECT"})
    void what_does_not_wait_cannot_be_approved_or_rejected(Action action) {
        // When / Then
        assertThat(decide(action, Optional.of(4L))).isInstanceOf(RequestDecision.Refuse.class);
    }

    @Test
    void a_roll_back_goes_one_back_or_to_the_version_that_is_named() {
        // Given
        ServingLine longer = LINE.promoted(version(5), BASE, 0.05);

        // When / Then
        assertThat(decide(Action.ROLL_BACK, Optional.empty()))
                .isEqualTo(new RequestDecision.RollBack(LINE.rolledBack()));
        assertThat(Requests.decide(longer, CONTROL, request(Action.ROLL_BACK, Optional.of(1L), Optional.of(5L))))
                .isEqualTo(new RequestDecision.RollBack(LINE.rolledBack()));
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "9"})
    void a_roll_back_to_what_did_not_serve_before_is_refused(long number) {
        // When / Then
        assertThat(decide(Action.ROLL_BACK, Optional.of(number))).isInstanceOf(RequestDecision.Refuse.class);
    }

    @Test
    void nothing_is_before_the_base_model() {
        // When / Then
        assertThat(Requests.decide(
                        ServingLine.NEW,
                        TenantControl.NEW,
                        request(Action.ROLL_BACK, Optional.empty(), Optional.empty())))
                .isEqualTo(new RequestDecision.Refuse("the base model serves, and nothing is before it"));
    }

    @ParameterizedTest
    @CsvSource({"PAUSE, PAUSED", "RESUME, RUNNING", "PIN, PINNED"})
    void pause_resume_and_pin_switch_what_happens_by_itself(Action action, Mode mode) {
        // When / Then
        assertThat(decide(action, Optional.empty())).isEqualTo(new RequestDecision.Switch(mode));
    }

    private static RequestDecision decide(Action action, Optional<Long> version) {
        return Requests.decide(LINE, CONTROL, request(action, version, Optional.of(2L)));
    }

    private static PromotionRequested request(Action action, Optional<Long> version, Optional<Long> champion) {
        return new PromotionRequested(
                action, version.map(RequestsTest::id), champion.map(RequestsTest::id), "ada", "because");
    }

    private static VersionId id(long number) {
        return version(number).version();
    }

    private static AdapterRef version(long number) {
        return Evaluations.version(number);
    }
}
