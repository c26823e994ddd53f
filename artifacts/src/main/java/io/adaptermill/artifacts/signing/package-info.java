/// Signed statements that anybody can check: DSSE envelopes (Dead Simple Signing Envelope 1.0.2) with Ed25519 or
/// ECDSA, and OpenSSF model signatures in them.
@NullMarked
package io.adaptermill.artifacts.signing;

import org.jspecify.annotations.NullMarked;
