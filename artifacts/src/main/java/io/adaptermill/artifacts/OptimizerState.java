package io.adaptermill.artifacts;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What training remembers beside the weights: AdamW's moments, without which an adapter would take wild
/// first steps, and how much each weight mattered to the batches so far.
///
/// Where a method trains A and B as they are served, moments lie in `first` and `second`. Any other keeps in
/// `form` what it really trains, with moments, because gates that are folded into B cannot be told from it again;
/// then all else is empty.
///
/// @param step optimizer steps taken since the lineage began, at least 0
/// @param first first moments by module path
/// @param second second moments by module path, the same paths
/// @param importance diagonal of the Fisher information by module path, the same paths; empty if a recipe
/// never asked
/// @param form absent where A and B themselves are trained
/// @param privacy what all of the lineage has spent; absent if any of it was trained without
public record OptimizerState(
        long step,
        SortedMap<String, LowRank> first,
        SortedMap<String, LowRank> second,
        SortedMap<String, LowRank> importance,
        Optional<Form> form,
        Optional<PrivacyLedger> privacy) {
    public OptimizerState {
        if (step < 0) throw new IllegalArgumentException("step must be at least 0, was " + step);
        if (!first.keySet().equals(second.keySet())) {
            throw new IllegalArgumentException("both moments must have the same modules");
        }
        if (!importance.isEmpty() && !first.keySet().equals(importance.keySet())) {
            throw new IllegalArgumentException("the importance must have the moments' modules, or none");
        }
        if (form.isPresent() && !first.isEmpty()) {
            throw new IllegalArgumentException("moments must lie in the form or beside it, were in both");
        }
        first = Collections.unmodifiableSortedMap(new TreeMap<>(first));
        second = Collections.unmodifiableSortedMap(new TreeMap<>(second));
        importance = Collections.unmodifiableSortedMap(new TreeMap<>(importance));
    }

    /// What a method trains, in its own terms.
    ///
    /// @param variant the method's name, such as `sora`
    /// @param tensors by a name that the method chose
    public record Form(String variant, SortedMap<String, FloatTensor> tensors) {
        public Form {
            if (!variant.matches("[a-z]{1,32}")) {
                throw new IllegalArgumentException("variant must be a lowercase word, was " + variant);
            }
            tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
        }
    }

    /// Without privacy.
    public OptimizerState(
            long step,
            SortedMap<String, LowRank> first,
            SortedMap<String, LowRank> second,
            SortedMap<String, LowRank> importance,
            Optional<Form> form) {
        this(step, first, second, importance, form, Optional.empty());
    }

    /// Of a method that trains A and B.
    public OptimizerState(
            long step,
            SortedMap<String, LowRank> first,
            SortedMap<String, LowRank> second,
            SortedMap<String, LowRank> importance) {
        this(step, first, second, importance, Optional.empty());
    }

    /// Of a method that trains something else.
    public OptimizerState(long step, Form form) {
        this(
                step,
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Optional.of(form));
    }

    /// With moments only.
    public OptimizerState(long step, SortedMap<String, LowRank> first, SortedMap<String, LowRank> second) {
        this(step, first, second, Collections.emptySortedMap());
    }

    public OptimizerState withPrivacy(PrivacyLedger ledger) {
        return new OptimizerState(step, first, second, importance, form, Optional.of(ledger));
    }

    public boolean isFinite() {
        return first.values().stream().allMatch(LowRank::isFinite)
                && second.values().stream().allMatch(LowRank::isFinite)
                && importance.values().stream().allMatch(LowRank::isFinite)
                && form.stream().flatMap(own -> own.tensors().values().stream()).allMatch(FloatTensor::isFinite);
    }
}
