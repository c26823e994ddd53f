/// Whether a version that serves is worse than the one before it, told from people's ratings. Pure.
@NullMarked
package io.adaptermill.gates.live;

import org.jspecify.annotations.NullMarked;
