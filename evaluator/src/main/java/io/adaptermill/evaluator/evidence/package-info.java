/// What candidates are judged on: hold-out examples, the golden set, and the scores on both.
@NullMarked
package io.adaptermill.evaluator.evidence;

import org.jspecify.annotations.NullMarked;
