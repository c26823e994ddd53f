package io.adaptermill.schemas.event;

import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import java.util.Optional;

/// One example of a batch, with the feedback event and the person it came from.
public record BatchItem(EventId event, Optional<SubjectId> subject, Example example) {}
