package io.adaptermill.lora.optim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Ranks by explained variance: of all modules' directions together, those with the largest shares get a rank, as many
/// as the modules had before.
///
/// Every module keeps its first direction, where PEFT would drop a module altogether. Of equal shares the
/// earlier module's counts, then the earlier direction. Source: Paischer et al. 2024, section 3.3. Checked against
/// PEFT in `VariantGoldenTest`.
public final class VarianceRanks {
    private VarianceRanks() {}

    private record Direction(String path, double share, boolean first) {}

    /// @param shares of each module's directions, falling; at least as many as its rank
    /// @param ranks the modules had before, in the same order
    /// @return ranks with the same sum, none above the number of its module's shares
    public static SequencedMap<String, Integer> of(
            SequencedMap<String, double[]> shares, SequencedMap<String, Integer> ranks) {
        int budget = ranks.values().stream().mapToInt(Integer::intValue).sum();
        List<Direction> directions = new ArrayList<>();
        shares.forEach((path, falling) -> {
            for (int i = 0; i < falling.length; i++) directions.add(new Direction(path, falling[i], i == 0));
        });
        directions.sort(Comparator.comparing((Direction direction) -> !direction.first())
                .thenComparing(Comparator.comparingDouble(Direction::share).reversed()));
        SequencedMap<String, Integer> counts = new LinkedHashMap<>();
        ranks.keySet().forEach(path -> counts.put(path, 0));
        directions.stream().limit(budget).forEach(direction -> counts.merge(direction.path(), 1, Integer::sum));
        return counts;
    }
}
