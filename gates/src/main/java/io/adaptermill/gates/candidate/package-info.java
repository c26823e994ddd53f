/// From measured differences to the verdict on a candidate, over the endless series of a tenant's candidates.
/// Pure.
@NullMarked
package io.adaptermill.gates.candidate;

import org.jspecify.annotations.NullMarked;
