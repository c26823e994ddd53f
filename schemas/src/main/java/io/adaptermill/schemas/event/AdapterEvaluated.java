package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Optional;

/// The gate's verdict on one candidate, with all its evidence.
///
/// @param champion the version it was compared with; absent for the bare base model
/// @param reason in words, for people
public record AdapterEvaluated(
        VersionId version,
        Digest artifact,
        Optional<AdapterRef> champion,
        Digest base,
        Verdict verdict,
        String reason,
        List<GateResult> gates,
        List<Measurement> measurements)
        implements Event {
    public AdapterEvaluated {
        Checks.filled("reason", reason);
        gates = List.copyOf(gates);
        measurements = List.copyOf(measurements);
    }

    public AdapterRef ref() {
        return new AdapterRef(version, artifact);
    }
}
