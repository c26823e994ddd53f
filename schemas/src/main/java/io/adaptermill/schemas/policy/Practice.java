package io.adaptermill.schemas.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.schemas.Checks;

/// How the steps of a run are taken.
///
/// @param schedule course of the learning rate after the warm-up
/// @param dropout share of a module's inputs that its update does not see in a step
/// @param accumulationSteps how often `examplesPerStep` examples are gathered before the optimizer steps
/// @param checkpointing whether activations are computed again in the backward instead of kept
/// @param pagedAboveMiB size of the optimizer's moments from which they lie in a file instead of in memory
public record Practice(
        Schedule schedule, double dropout, int accumulationSteps, boolean checkpointing, int pagedAboveMiB) {
    /// More than any adapter's moments.
    private static final int NEVER_MIB = 1 << 20;

    public static final Practice DEFAULT = new Practice(Schedule.LINEAR_TO_TENTH, 0, 1, false, NEVER_MIB);

    public Practice {
        Checks.within("dropout", dropout, 0, 0.9);
        Checks.within("accumulationSteps", accumulationSteps, 1, 1024);
        Checks.within("pagedAboveMiB", pagedAboveMiB, 0, NEVER_MIB);
    }

    /// The learning rate from the peak on.
    public enum Schedule {
        /// In a straight line to a tenth of the peak, so that the last examples are learnt too.
        @JsonProperty("linearToTenth")
        LINEAR_TO_TENTH,
        /// Stays at the peak.
        @JsonProperty("constant")
        CONSTANT,
        /// In a straight line to 0.
        @JsonProperty("linear")
        LINEAR,
        /// Along half a cosine to 0.
        @JsonProperty("cosine")
        COSINE
    }
}
