/// Losses as plain arithmetic on the negative log-likelihoods of whole responses: a value, and its derivative
/// by each of them.
///
/// [PairLoss] for two responses to one prompt ([Dpo], [Orpo]), [RatingLoss] for one ([Kto], [ApoZero]).
///
/// The derivative of a token's part is that of its response, so the decoder needs no more than one weight a
/// label.
@NullMarked
package io.adaptermill.lora.loss;

import org.jspecify.annotations.NullMarked;
