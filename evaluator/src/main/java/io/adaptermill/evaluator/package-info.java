/// The evaluator: candidates in, verdicts with their evidence out.
@NullMarked
package io.adaptermill.evaluator;

import org.jspecify.annotations.NullMarked;
