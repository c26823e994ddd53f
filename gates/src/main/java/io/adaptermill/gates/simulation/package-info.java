/// What the gates do over long series of candidates and ratings whose truth is known. Pure and seeded.
@NullMarked
package io.adaptermill.gates.simulation;

import org.jspecify.annotations.NullMarked;
