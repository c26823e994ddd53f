/// Checks what Adaptermill promises from the topics and the clients' log alone: pure, so that anyone can run it on
/// their own evidence.
@NullMarked
package io.adaptermill.cli.promises;

import org.jspecify.annotations.NullMarked;
