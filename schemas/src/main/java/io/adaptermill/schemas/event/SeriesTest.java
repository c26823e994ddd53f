package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;

/// One test in the endless series of a tenant's candidates: how much evidence was needed, and how much there
/// was.
///
/// @param number counts the tenant's tested candidates from 1
/// @param look counts the looks at this candidate from 1
/// @param approvedBefore how many verdicts of the series were approvals before this one
/// @param level share of the tenant's error budget spent on this look; approval needs evidence of 1/level
/// @param evidence e-value against "no better than the champion": at most 1 on average if that is so
public record SeriesTest(long number, int look, long approvedBefore, double level, double evidence) {
    public SeriesTest {
        Checks.atLeast("number", number, 1);
        Checks.atLeast("look", look, 1);
        Checks.atLeast("approvedBefore", approvedBefore, 0);
        Checks.within("level", level, 0, 1);
        Checks.within("evidence", evidence, 0, Double.MAX_VALUE);
    }

    public boolean shown() {
        return evidence * level >= 1;
    }
}
