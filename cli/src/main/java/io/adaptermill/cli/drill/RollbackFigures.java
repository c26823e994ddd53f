package io.adaptermill.cli.drill;

/// What a version that somebody let serve against all reason cost.
///
/// @param ratingsBefore of the base model, which served before
/// @param goodBefore how many of them were good
/// @param ratings of the version, until it was taken back or the drill ended
/// @param good how many of them were good
/// @param rolledBack whether ratings took it back
/// @param decisionMillis from the deciding rating's sending to the promoter's decision; 0 if there was none
/// @param servingMillis from that decision until serving says that the base model answers; 0 if there was none
/// @param reason the decision's, in words
public record RollbackFigures(
        String tenant,
        int ratingsBefore,
        int goodBefore,
        int ratings,
        int good,
        boolean rolledBack,
        long decisionMillis,
        long servingMillis,
        String reason) {
    static RollbackFigures kept(String tenant, int ratingsBefore, int goodBefore, int ratings, int good) {
        return new RollbackFigures(tenant, ratingsBefore, goodBefore, ratings, good, false, 0, 0, "kept");
    }

    /// From the deciding rating's sending until the base model answers.
    public long totalMillis() {
        return decisionMillis + servingMillis;
    }
}
