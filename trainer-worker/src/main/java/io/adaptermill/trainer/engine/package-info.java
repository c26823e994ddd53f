/// The training core and the artifact store behind [io.adaptermill.trainer.training.Training].
@NullMarked
package io.adaptermill.trainer.engine;

import org.jspecify.annotations.NullMarked;
