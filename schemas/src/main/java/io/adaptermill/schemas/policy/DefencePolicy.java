package io.adaptermill.schemas.policy;

import io.adaptermill.schemas.Checks;

/// What in a tenant's stream of feedback looks like somebody's attempt to steer the model, and is quarantined
/// for people to look at.
///
/// Each limit is about the events that were let through: whoever reaches it is let through again once others
/// have come in between, or time has passed.
///
/// @param subjectWindow of a tenant's last so many events one person may have a share
/// @param subjectShareMax that share; 1 for no limit
/// @param subjectPerMinuteMax events of one person in any minute
/// @param tenantPerMinuteMax events of the whole tenant a minute, and at once after a pause
/// @param similarWindow among a tenant's last so many events copies are looked for; 1 to look for none
/// @param similarMax events among them that may say nearly the same
/// @param similarity estimated share of common text from which on two say nearly the same
/// @param disguisesMax words whose letters only look Latin that an event may have
/// @param compared what of two events must be alike
public record DefencePolicy(
        int subjectWindow,
        double subjectShareMax,
        int subjectPerMinuteMax,
        int tenantPerMinuteMax,
        int similarWindow,
        int similarMax,
        double similarity,
        int disguisesMax,
        Compared compared) {
    public static final DefencePolicy DEFAULT =
            new DefencePolicy(48, 0.25, 20, 10_000, 256, 8, 0.7, 2, Compared.EXCHANGE);

    /// Lets everything through.
    public static final DefencePolicy NONE =
            new DefencePolicy(1, 1, 1_000_000, 1_000_000, 1, 1_000_000, 1, 1_000_000, Compared.EXCHANGE);

    public DefencePolicy {
        Checks.within("subjectWindow", subjectWindow, 1, 1024);
        Checks.within("subjectShareMax", subjectShareMax, 0.001, 1);
        Checks.within("subjectPerMinuteMax", subjectPerMinuteMax, 1, 1_000_000);
        Checks.within("tenantPerMinuteMax", tenantPerMinuteMax, 1, 1_000_000);
        Checks.within("similarWindow", similarWindow, 1, 1024);
        Checks.within("similarMax", similarMax, 1, 1_000_000);
        Checks.within("similarity", similarity, 0.3, 1);
        Checks.within("disguisesMax", disguisesMax, 0, 1_000_000);
    }
}
