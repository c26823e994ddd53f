package io.adaptermill.ingest.batch;

import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A sample of a tenant's past examples, of which each batch draws a few to train again.
///
/// Each example belongs to one slot by its event's hash, and a slot keeps the one whose hash is lowest. So
/// whatever came in whatever order, the sample is the same, each slot's a uniform draw from all that ever
/// belonged to it, and nothing has to be counted or drawn.
public final class Reservoir {
    /// Examples that are kept of a tenant.
    public static final int SLOTS = 128;

    private static final int SLOT_DIGITS = 8;

    private Reservoir() {}

    public static int slot(EventId event) {
        return (int) (Long.parseLong(hash(event.value()).substring(0, SLOT_DIGITS), 16) % SLOTS);
    }

    /// Whether a slot's example makes room for another one.
    public static boolean yields(WaitingItem kept, WaitingItem candidate) {
        return rank(candidate).compareTo(rank(kept)) < 0;
    }

    /// Examples to train beside a batch: other ones for each batch, the same whenever it is closed again.
    ///
    /// @param past all that is kept
    /// @param count most examples to draw
    /// @param tokensMax most tokens of all together, by the same estimate as a batch's
    public static List<WaitingItem> draw(List<WaitingItem> past, int count, long tokensMax, BatchId batch) {
        List<WaitingItem> shuffled = new ArrayList<>(past);
        shuffled.sort(
                Comparator.comparing(item -> hash(batch + " " + item.item().event())));
        List<WaitingItem> drawn = new ArrayList<>();
        long tokens = 0;
        for (WaitingItem item : shuffled) {
            if (drawn.size() == count) break;
            if (tokens + item.tokens() > tokensMax) continue;
            drawn.add(item);
            tokens += item.tokens();
        }
        return List.copyOf(drawn);
    }

    /// What is left of the hash once the slot is taken from it.
    private static String rank(WaitingItem item) {
        return hash(item.item().event().value()).substring(SLOT_DIGITS);
    }

    private static String hash(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
    }
}
