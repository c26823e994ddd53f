package io.adaptermill.cli.importer;

import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.id.EventId;

/// What one row of a file turned out to be; a row may give several events.
public sealed interface Row {
    /// An event, named by its content, so that importing a file twice gives nothing new.
    record Event(EventId id, Feedback feedback) implements Row {}

    /// Not usable.
    ///
    /// @param line counted from 1; in an array or a table, the number of the element
    /// @param reason short and the same for the same fault, so that reasons can be counted
    record Refused(long line, String reason) implements Row {}
}
