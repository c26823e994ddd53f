package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.GatePolicy;
import java.util.List;
import java.util.Optional;

/// The gate's verdict on one candidate, with all its evidence.
///
/// @param champion the version it was compared with; absent for the bare base model
/// @param reason in words, for people
/// @param policy what the gates asked for; policies change, verdicts stay explained. Absent before it was
///     recorded
/// @param test this candidate's place in the tenant's series; absent if too little was there to test
public record AdapterEvaluated(
        VersionId version,
        Digest artifact,
        Optional<AdapterRef> champion,
        Digest base,
        Verdict verdict,
        String reason,
        List<GateResult> gates,
        List<Measurement> measurements,
        Optional<GatePolicy> policy,
        Optional<SeriesTest> test)
        implements Event {
    public AdapterEvaluated {
        Checks.filled("reason", reason);
        gates = List.copyOf(gates);
        measurements = List.copyOf(measurements);
    }

    /// A verdict without a place in a series, as all of them were once.
    public AdapterEvaluated(
            VersionId version,
            Digest artifact,
            Optional<AdapterRef> champion,
            Digest base,
            Verdict verdict,
            String reason,
            List<GateResult> gates,
            List<Measurement> measurements) {
        this(
                version,
                artifact,
                champion,
                base,
                verdict,
                reason,
                gates,
                measurements,
                Optional.empty(),
                Optional.empty());
    }

    public AdapterRef ref() {
        return new AdapterRef(version, artifact);
    }
}
