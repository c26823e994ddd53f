/// Signed statements that anybody can check: DSSE envelopes (Dead Simple Signing Envelope 1.0.2) with
/// Ed25519.
@NullMarked
package io.adaptermill.cli.signing;

import org.jspecify.annotations.NullMarked;
