package io.adaptermill.lora.optim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Whole ranks in proportion to importance that add up to a budget exactly: every module gets one, the rest goes by
/// largest remainders. Of equal remainders the earlier module's counts, so the outcome is the same everywhere.
public final class RankBudget {
    private RankBudget() {}

    /// Why a budget cannot be kept; empty if it can.
    ///
    /// @param limits the highest rank each module may have
    public static Optional<String> refusal(SequencedMap<String, Integer> limits, int budget) {
        long most = limits.values().stream().mapToLong(Integer::longValue).sum();
        if (budget >= limits.size() && budget <= most) return Optional.empty();
        return Optional.of("ranks.allocation.budget must be in [" + limits.size() + ", " + most
                + "] for the modules of this base model, was " + budget);
    }

    /// @param importance by module path, not negative
    /// @param limits the highest rank each module may have
    /// @param budget that is not refused
    public static SequencedMap<String, Integer> ranks(
            SequencedMap<String, Double> importance, SequencedMap<String, Integer> limits, int budget) {
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        importance.keySet().forEach(path -> ranks.put(path, 1));
        int left = budget - ranks.size();
        while (left > 0) left -= share(importance, limits, ranks, left);
        return ranks;
    }

    private record Claim(String path, int room, double quota) {
        int whole() {
            return (int) Math.min(room, Math.floor(quota));
        }

        double remainder() {
            return quota - Math.floor(quota);
        }
    }

    /// Shares out what is left among modules with room.
    ///
    /// @return how much found a place, at least 1
    private static int share(
            SequencedMap<String, Double> importance,
            SequencedMap<String, Integer> limits,
            SequencedMap<String, Integer> ranks,
            int left) {
        List<Claim> claims = claims(importance, limits, ranks, left);
        int shared = 0;
        for (Claim claim : claims) {
            ranks.merge(claim.path(), claim.whole(), Integer::sum);
            shared += claim.whole();
        }
        List<Claim> byRemainder = claims.stream()
                .filter(claim -> claim.room() > claim.whole())
                .sorted(Comparator.comparingDouble(claim -> -claim.remainder()))
                .limit(shared < left && full(claims) ? left - shared : 0)
                .toList();
        for (Claim claim : byRemainder) ranks.merge(claim.path(), 1, Integer::sum);
        return shared + byRemainder.size();
    }

    /// Whether nobody's quota was cut by its limit, so that only remainders are left to share.
    private static boolean full(List<Claim> claims) {
        return claims.stream().allMatch(claim -> claim.quota() < claim.room() + 1.0);
    }

    private static List<Claim> claims(
            SequencedMap<String, Double> importance,
            SequencedMap<String, Integer> limits,
            SequencedMap<String, Integer> ranks,
            int left) {
        double sum = 0;
        int open = 0;
        for (String path : ranks.keySet()) {
            if (room(limits, ranks, path) == 0) continue;
            sum += importance.getOrDefault(path, 0.0);
            open++;
        }
        List<Claim> claims = new ArrayList<>();
        for (String path : ranks.keySet()) {
            int room = room(limits, ranks, path);
            if (room == 0) continue;
            double share = sum > 0 ? importance.getOrDefault(path, 0.0) / sum : 1.0 / open;
            claims.add(new Claim(path, room, left * share));
        }
        return claims;
    }

    private static int room(SequencedMap<String, Integer> limits, SequencedMap<String, Integer> ranks, String path) {
        return limits.getOrDefault(path, 0) - ranks.getOrDefault(path, 0);
    }
}
