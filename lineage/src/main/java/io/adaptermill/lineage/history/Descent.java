package io.adaptermill.lineage.history;

import io.adaptermill.schemas.id.EventId;
import java.util.List;
import java.util.stream.Stream;

/// Everything that decided a version's weights: its chain of parents, the youngest first; empty for the bare
/// base model.
public record Descent(List<Ancestor> chain) {
    public static final Descent OF_BASE = new Descent(List.of());

    public Descent {
        chain = List.copyOf(chain);
    }

    /// What the chain learned from, the newest batch first.
    public Stream<EventId> events() {
        return chain.stream().flatMap(ancestor -> ancestor.events().stream()).map(LearnedEvent::event);
    }
}
