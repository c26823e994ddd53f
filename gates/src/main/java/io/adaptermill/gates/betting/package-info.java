/// Evidence about the mean of bounded numbers, without any assumption on their distribution. Pure.
@NullMarked
package io.adaptermill.gates.betting;

import org.jspecify.annotations.NullMarked;
