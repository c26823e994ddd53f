package io.adaptermill.lora.generate;

import java.util.Optional;

/// One token to be read in a step.
///
/// @param token to embed
/// @param position in its conversation, from 0
/// @param memory of its conversation; rows of one conversation come in order of position
/// @param adapter absent for the bare base
/// @param wantsLogits whether the next token is to be chosen after it
record StepRow(int token, int position, KeyValues memory, Optional<LoadedAdapter> adapter, boolean wantsLogits) {}
