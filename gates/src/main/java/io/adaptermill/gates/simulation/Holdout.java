package io.adaptermill.gates.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Hold-out differences as small adapters make them: most within a tenth or two of a nat, one in ten far out.
final class Holdout {
    static final int EXAMPLES_MAX = 64;
    private static final int NEW_EACH = 8;

    /// A window that moves on by a batch's share of hold-out, or a new one for each candidate.
    enum Reuse {
        FRESH,
        SHARED
    }

    private final Dice dice;
    private final Reuse reuse;
    /// What each example of the window says of every candidate alike, besides what it says of one.
    private final List<Double> leanings = new ArrayList<>();

    Holdout(Dice dice, Reuse reuse) {
        this.dice = dice;
        this.reuse = reuse;
    }

    /// As it is once a tenant has been with us for a while.
    Holdout filled() {
        while (leanings.size() < EXAMPLES_MAX) leanings.add(noise());
        return this;
    }

    /// @param effect by how much the candidate is truly better, nats per token
    List<Double> next(double effect) {
        int count = Math.min(EXAMPLES_MAX, leanings.size() + NEW_EACH);
        if (reuse == Reuse.FRESH) leanings.clear();
        while (leanings.size() < count) leanings.add(noise());
        // The oldest leave the window.
        if (reuse == Reuse.SHARED && count == EXAMPLES_MAX) replaceOldest();
        List<Double> differences = new ArrayList<>();
        for (double leaning : leanings) differences.add(effect + StrictMath.sqrt(0.5) * (leaning + noise()));
        return differences;
    }

    private void replaceOldest() {
        Collections.rotate(leanings, -NEW_EACH);
        for (int i = EXAMPLES_MAX - NEW_EACH; i < EXAMPLES_MAX; i++) leanings.set(i, noise());
    }

    private double noise() {
        return dice.normal() * (dice.happens(0.1) ? 0.8 : 0.15);
    }
}
