package io.adaptermill.evaluator.gate;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.id.Digest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What must hold before anything is worth measuring.
public final class Structure {
    private Structure() {}

    /// @param base fingerprint of the base model here
    /// @return what is wrong, if anything
    public static Optional<String> fault(
            AdapterTrained trained, AdapterArtifact artifact, Digest base, double normMax) {
        if (!trained.base().equals(base) || !artifact.provenance().base().equals(base)) {
            return Optional.of("it was trained on another base model: " + trained.base() + ", here is " + base);
        }
        if (!artifact.provenance().version().equals(trained.version())) {
            return Optional.of(
                    "its artifact says that it is " + artifact.provenance().version());
        }
        if (!artifact.adapter().isFinite()) return Optional.of("it has weights that are not finite numbers");
        return tooLarge(artifact.adapter(), normMax);
    }

    private static Optional<String> tooLarge(Adapter adapter, double normMax) {
        for (Map.Entry<String, LowRank> module : adapter.modules().entrySet()) {
            // ‖BA‖ ≤ ‖B‖‖A‖ in the Frobenius norm: cheap, and never too kind.
            double norm = adapter.config().scale(module.getKey())
                    * norm(module.getValue().a().values())
                    * norm(module.getValue().b().values());
            if (!(norm <= normMax)) {
                return Optional.of(String.format(
                        Locale.ROOT, "the update of %s has norm %.1f, above %.1f", module.getKey(), norm, normMax));
            }
        }
        return Optional.empty();
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) sum += (double) value * value;
        return Math.sqrt(sum);
    }
}
