package io.adaptermill.ingest.screen;

import io.adaptermill.ingest.batch.TenantBuffer;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.policy.BatchPolicy;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Decides what may train at all. Each answer is a refusal with its reason, or nothing, which lets it pass.
public final class FeedbackScreen {
    /// Attributes that say which contract an event was written to.
    private static final Set<String> VERSION_FIELDS = Set.of("ce_type", "type", "ce_specversion", "specversion");

    private FeedbackScreen() {}

    /// A record that is no feedback event.
    ///
    /// @param cutBytes how large it was, if it was too large to be looked into
    public static Refusal refuse(ContractViolation violation, OptionalInt cutBytes) {
        if (cutBytes.isPresent()) {
            return new Refusal(
                    RefusalReason.TOO_LARGE,
                    "the event has " + cutBytes.getAsInt() + " bytes, at most " + TextSize.BYTES_MAX
                            + " bytes of text are taken");
        }
        RefusalReason reason = VERSION_FIELDS.contains(violation.field())
                ? RefusalReason.UNSUPPORTED_SCHEMA_VERSION
                : RefusalReason.CONTRACT_VIOLATION;
        return new Refusal(reason, violation.field() + " " + violation.rule());
    }

    public static Refusal unknownTenant() {
        return new Refusal(RefusalReason.UNKNOWN_TENANT, "the record's key names a tenant that is not registered");
    }

    public static Refusal tooManyWait(BatchPolicy policy) {
        return new Refusal(RefusalReason.BUFFER_FULL, policy.bufferedMax() + " events wait for their answers already");
    }

    /// As it came in.
    ///
    /// @param isKnown whether the tenant is registered
    /// @param isRepeated whether an event with its id was taken before
    public static Optional<Refusal> screen(Feedback feedback, boolean isKnown, boolean isRepeated) {
        if (!isKnown) return Optional.of(unknownTenant());
        if (isRepeated) return refusal(RefusalReason.DUPLICATE, "an event with this id was taken before");
        return tooLarge(TextSize.bytes(feedback));
    }

    /// As it would train: with its answer, without personal data.
    public static Optional<Refusal> screen(Example example) {
        if (example instanceof Example.Preference preference
                && preference.chosen().equals(preference.rejected())) {
            return refusal(
                    RefusalReason.CONTRACT_VIOLATION,
                    "data.chosen and data.rejected differ only in personal data, which is taken out");
        }
        return tooLarge(TextSize.bytes(example));
    }

    /// A buffer must not grow for ever while a batch is in flight.
    public static Optional<Refusal> screen(TenantBuffer buffer, BatchPolicy policy) {
        return buffer.waiting() < policy.bufferedMax()
                ? Optional.empty()
                : refusal(RefusalReason.BUFFER_FULL, policy.bufferedMax() + " examples wait already");
    }

    /// Nor must what waits for a person.
    public static Optional<Refusal> screenQuarantine(int quarantined, BatchPolicy policy) {
        return quarantined < policy.bufferedMax()
                ? Optional.empty()
                : refusal(RefusalReason.BUFFER_FULL, policy.bufferedMax() + " events are in quarantine already");
    }

    private static Optional<Refusal> tooLarge(long bytes) {
        return bytes <= TextSize.BYTES_MAX
                ? Optional.empty()
                : refusal(
                        RefusalReason.TOO_LARGE,
                        "the event has " + bytes + " bytes of text, at most " + TextSize.BYTES_MAX + " are taken");
    }

    private static Optional<Refusal> refusal(RefusalReason reason, String detail) {
        return Optional.of(new Refusal(reason, detail));
    }
}
