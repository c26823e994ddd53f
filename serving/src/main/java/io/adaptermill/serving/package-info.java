/// Answers with each tenant's approved adapter, and swaps versions while it answers.
@NullMarked
package io.adaptermill.serving;

import org.jspecify.annotations.NullMarked;
