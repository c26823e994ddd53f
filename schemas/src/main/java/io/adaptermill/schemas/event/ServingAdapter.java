package io.adaptermill.schemas.event;

import io.adaptermill.schemas.id.Digest;

/// The desired state of serving for one tenant (`serving.adapters`, compacted): which version answers.
///
/// @param base fingerprint of the base model it belongs to
public record ServingAdapter(AdapterRef champion, Digest base) implements Event {}
