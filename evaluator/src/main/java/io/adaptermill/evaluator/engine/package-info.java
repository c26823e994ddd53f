/// The training core and the artifact store behind [io.adaptermill.evaluator.evidence.Scoring].
@NullMarked
package io.adaptermill.evaluator.engine;

import org.jspecify.annotations.NullMarked;
