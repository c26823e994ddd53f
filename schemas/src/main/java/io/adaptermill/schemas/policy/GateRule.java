package io.adaptermill.schemas.policy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.adaptermill.schemas.Checks;
import java.util.List;

/// What must hold of a candidate's measurements: conditions, and combinations of them.
///
/// A condition passes, fails, or has not enough evidence; so does a combination, whatever the open ones would still
/// become. Conditions judge by intervals: *shown* is what the whole interval says.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = GateRule.Standard.class, name = "standard"),
    @JsonSubTypes.Type(value = GateRule.Improvement.class, name = "improvement"),
    @JsonSubTypes.Type(value = GateRule.AllOf.class, name = "allOf"),
    @JsonSubTypes.Type(value = GateRule.AnyOf.class, name = "anyOf"),
    @JsonSubTypes.Type(value = GateRule.AtLeast.class, name = "atLeast"),
    @JsonSubTypes.Type(value = GateRule.ShownAbove.class, name = "shownAbove"),
    @JsonSubTypes.Type(value = GateRule.ShownBelow.class, name = "shownBelow"),
    @JsonSubTypes.Type(value = GateRule.NotShownAbove.class, name = "notShownAbove"),
    @JsonSubTypes.Type(value = GateRule.NotShownBelow.class, name = "notShownBelow"),
    @JsonSubTypes.Type(value = GateRule.NoneAbove.class, name = "noneAbove"),
})
public sealed interface GateRule {
    GateRule DEFAULT = new Standard();

    /// One of each kind, with values to start from, in the order of the kinds.
    List<GateRule> EACH = List.of(
            DEFAULT,
            new Improvement(),
            new AllOf(List.of(DEFAULT)),
            new AnyOf(List.of(DEFAULT)),
            new AtLeast(1, List.of(DEFAULT)),
            new ShownAbove(Quantity.PREFERENCE_ACCURACY_GAIN, 0),
            new ShownBelow(Quantity.GOLDEN_RISE, 0.2),
            new NotShownAbove(Quantity.DRIFT_KL, 0.5),
            new NotShownBelow(Quantity.RATING_LIKELIHOOD_GAIN, 0),
            new NoneAbove(Quantity.SAFETY_CANARY_LEAKS, 0));

    /// The gates with this policy's limits, and the safety probes.
    record Standard() implements GateRule {}

    /// The hold-out shown to be better, with the evidence that the tenant's series of candidates asks for.
    record Improvement() implements GateRule {}

    /// Every rule passes; one that fails, fails it.
    record AllOf(List<GateRule> rules) implements GateRule {
        public AllOf {
            rules = some(rules);
        }
    }

    /// One rule passes; all that fail, fail it.
    record AnyOf(List<GateRule> rules) implements GateRule {
        public AnyOf {
            rules = some(rules);
        }
    }

    /// So many rules pass; it fails when they no longer can.
    record AtLeast(int count, List<GateRule> rules) implements GateRule {
        public AtLeast {
            rules = some(rules);
            Checks.within("count", count, 1, RULES_MAX);
            if (count > rules.size()) {
                throw new IllegalArgumentException(
                        "count must not exceed the number of rules, were " + count + " and " + rules.size());
            }
        }
    }

    /// The whole interval lies above the limit; fails if all of it lies below.
    record ShownAbove(Quantity quantity, double limit) implements GateRule {
        public ShownAbove {
            Checks.within("limit", limit, -LIMIT_MAX, LIMIT_MAX);
        }
    }

    /// The interval ends at the limit or below; fails if all of it lies above.
    record ShownBelow(Quantity quantity, double limit) implements GateRule {
        public ShownBelow {
            Checks.within("limit", limit, -LIMIT_MAX, LIMIT_MAX);
        }
    }

    /// Fails if the whole interval lies above the limit, and passes otherwise: a small sample cannot block.
    record NotShownAbove(Quantity quantity, double limit) implements GateRule {
        public NotShownAbove {
            Checks.within("limit", limit, -LIMIT_MAX, LIMIT_MAX);
        }
    }

    /// Fails if the whole interval lies below the limit, and passes otherwise.
    record NotShownBelow(Quantity quantity, double limit) implements GateRule {
        public NotShownBelow {
            Checks.within("limit", limit, -LIMIT_MAX, LIMIT_MAX);
        }
    }

    /// Fails if any single example lies above the limit: what may not happen once.
    record NoneAbove(Quantity quantity, double limit) implements GateRule {
        public NoneAbove {
            Checks.within("limit", limit, -LIMIT_MAX, LIMIT_MAX);
        }
    }

    int RULES_MAX = 32;
    int DEPTH_MAX = 8;
    double LIMIT_MAX = 1_000_000;

    /// Whether nothing passes it without passing [Improvement], on whose error budget every promise rests.
    default boolean asksForImprovement() {
        return switch (this) {
            case Standard _, Improvement _ -> true;
            case AllOf(List<GateRule> rules) -> rules.stream().anyMatch(GateRule::asksForImprovement);
            case AnyOf(List<GateRule> rules) -> rules.stream().allMatch(GateRule::asksForImprovement);
            case AtLeast(int count, List<GateRule> rules) ->
                rules.stream().filter(rule -> !rule.asksForImprovement()).count() < count;
            default -> false;
        };
    }

    /// Combinations inside combinations, counted from 1.
    default int depth() {
        return switch (this) {
            case AllOf(List<GateRule> rules) -> 1 + deepest(rules);
            case AnyOf(List<GateRule> rules) -> 1 + deepest(rules);
            case AtLeast(int unused, List<GateRule> rules) -> 1 + deepest(rules);
            default -> 1;
        };
    }

    private static int deepest(List<GateRule> rules) {
        return rules.stream().mapToInt(GateRule::depth).max().orElse(0);
    }

    private static List<GateRule> some(List<GateRule> rules) {
        if (rules.isEmpty() || rules.size() > RULES_MAX) {
            throw new IllegalArgumentException("rules must be 1 to " + RULES_MAX + ", were " + rules.size());
        }
        return List.copyOf(rules);
    }
}
