package io.adaptermill.lora.transformer;

import java.util.Optional;

/// One tenant's part of a forward pass that several share.
///
/// @param adapter absent for the bare base
public record ScorePass(TokenBatch batch, Optional<AdapterLayers> adapter) {}
