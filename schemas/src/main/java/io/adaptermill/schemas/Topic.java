package io.adaptermill.schemas;

import io.adaptermill.schemas.event.Event;
import java.time.Duration;
import java.util.Optional;

/// One topic: its name, the one event it carries, and how long it keeps it.
///
/// @param suffix the name without the prefix
/// @param retention absent for compacted topics and for those kept for ever
public record Topic<E extends Event>(
        String suffix, Class<E> eventClass, boolean compacted, Optional<Duration> retention) {
    private static final String PREFIX = "adaptermill.";

    public String name() {
        return PREFIX + suffix;
    }

    /// The CloudEvents type of its event; carries the major version only.
    public String eventType() {
        return "io.adaptermill." + suffix + ".v1";
    }

    /// Where the JSON Schema of its event lies on the class path.
    public String schemaResource() {
        return "/io/adaptermill/schemas/" + suffix + ".v1.schema.json";
    }

    @Override
    public String toString() {
        return name();
    }
}
