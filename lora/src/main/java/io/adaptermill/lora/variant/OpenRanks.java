package io.adaptermill.lora.variant;

import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.stream.IntStream;

/// What is served of a pair whose gates have learnt to shut: the ranks that add something. The optimizer's file keeps
/// all of them, since training may open a gate again.
final class OpenRanks {
    private OpenRanks() {}

    /// @param folded gates in B, so that a shut one is a column of zeros
    /// @return without those columns and their rows of A, at least rank 1
    static LowRank of(LowRank folded) {
        int[] open =
                IntStream.range(0, folded.rank()).filter(c -> adds(folded, c)).toArray();
        if (open.length == folded.rank()) return folded;
        return picked(folded, open.length == 0 ? new int[] {0} : open);
    }

    /// The configuration of what is left, scales as they were.
    static LoraConfig config(LoraConfig whole, SortedMap<String, LowRank> modules) {
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        modules.forEach((path, module) -> ranks.put(path, module.rank()));
        boolean all = ranks.entrySet().stream().allMatch(each -> each.getValue() == whole.rank(each.getKey()));
        return all ? whole : whole.withRanks(ranks);
    }

    private static boolean adds(LowRank folded, int column) {
        for (int o = 0; o < folded.out(); o++) {
            if (folded.b().values()[o * folded.rank() + column] != 0) return true;
        }
        return false;
    }

    private static LowRank picked(LowRank pair, int[] ranks) {
        float[] a = new float[ranks.length * pair.in()];
        float[] b = new float[pair.out() * ranks.length];
        for (int r = 0; r < ranks.length; r++) {
            System.arraycopy(pair.a().values(), ranks[r] * pair.in(), a, r * pair.in(), pair.in());
            for (int o = 0; o < pair.out(); o++) {
                b[o * ranks.length + r] = pair.b().values()[o * pair.rank() + ranks[r]];
            }
        }
        return new LowRank(new FloatTensor(ranks.length, pair.in(), a), new FloatTensor(pair.out(), ranks.length, b));
    }
}
