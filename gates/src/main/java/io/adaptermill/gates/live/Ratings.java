package io.adaptermill.gates.live;

import io.adaptermill.schemas.Checks;

/// How people rated the answers of one version: all that a comparison needs to remember.
public record Ratings(long good, long bad) {
    public static final Ratings NONE = new Ratings(0, 0);

    public Ratings {
        Checks.atLeast("good", good, 0);
        Checks.atLeast("bad", bad, 0);
    }

    public Ratings after(boolean wasGood) {
        return wasGood ? new Ratings(good + 1, bad) : new Ratings(good, bad + 1);
    }

    public long count() {
        return good + bad;
    }

    public String inWords() {
        return good + " of " + count() + " good";
    }

    /// @return 0 if nobody rated
    public double goodShare() {
        return count() == 0 ? 0 : (double) good / count();
    }
}
