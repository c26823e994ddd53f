package io.adaptermill.lora.optim;

import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Neighbouring numbers that train alike.
///
/// @param from first
/// @param to one past the last
/// @param pace learning rate over the recipe's; 0 for frozen
/// @param decays whether weight decay acts on them: it does on matrices, not on gates and output factors
public record Stretch(long from, long to, double pace, boolean decays) {

    /// The whole of an adapter, in order, as few as possible.
    ///
    /// @param pace of each part; a part that is not there is frozen
    public static List<Stretch> of(AdapterLayout layout, Map<Part, Double> pace) {
        List<Stretch> stretches = new ArrayList<>();
        for (Slot slot : layout.slots()) {
            for (Part part : Part.values()) {
                if (!slot.has(part)) continue;
                long from = slot.at(part);
                long to = from + (long) slot.rows(part) * slot.columns(part);
                boolean matrix = part == Part.A || part == Part.B;
                append(stretches, new Stretch(from, to, pace.getOrDefault(part, 0.0), matrix));
            }
        }
        return List.copyOf(stretches);
    }

    private static void append(List<Stretch> stretches, Stretch next) {
        if (stretches.isEmpty() || !stretches.getLast().isLike(next)) {
            stretches.add(next);
        } else {
            Stretch last = stretches.removeLast();
            stretches.add(new Stretch(last.from, next.to, last.pace, last.decays));
        }
    }

    private boolean isLike(Stretch that) {
        return pace == that.pace && (decays == that.decays || pace == 0);
    }

    public boolean trains() {
        return pace > 0;
    }

    /// Pieces that start on whole multiples, as if the array were cut in one go.
    public List<Stretch> cut(int length) {
        List<Stretch> pieces = new ArrayList<>();
        for (long at = from; at < to; at = (at / length + 1) * length) {
            pieces.add(new Stretch(at, Math.min(to, (at / length + 1) * length), pace, decays));
        }
        return pieces;
    }
}
